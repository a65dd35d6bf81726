/** ISO/IEC 14496-12 §8.6 and §8.7: the sample tables of a moov box. */
import { boxType, eachBox, uint32 } from './box.ts';

/** Where the tables are, from the moov box inwards. */
const path: readonly number[] = ['trak', 'mdia', 'minf', 'stbl'].map(boxType);
const stsz = boxType('stsz');

/** Tables that must be there, each with what replaces it: an empty one of so many bytes. */
const emptied: ReadonlyMap<number, { readonly type: string; readonly bytes: number }> = new Map([
  [boxType('stts'), { type: 'stts', bytes: 16 }],
  [boxType('stsc'), { type: 'stsc', bytes: 16 }],
  [stsz, { type: 'stsz', bytes: 20 }],
  [boxType('stz2'), { type: 'stsz', bytes: 20 }],
  [boxType('stco'), { type: 'stco', bytes: 16 }],
  [boxType('co64'), { type: 'stco', bytes: 16 }],
]);
/** Tables that need not be there. */
const dropped: ReadonlySet<number> = new Set(['stss', 'ctts', 'cslg', 'sdtp', 'sbgp', 'subs', 'saiz', 'saio', 'stsh', 'padb', 'stdp'].map(boxType));

/**
 * A moov box that describes no samples. FFmpeg, unless told `empty_moov`, describes the first fragment's samples in the moov
 * box; a listener who joins later does not have them. The same bytes when there are none.
 */
export function withoutSamples(moov: Uint8Array, contentAt: number): Uint8Array {
  return hasSamples(moov, contentAt, moov.length, 0) ? rebuild(moov, 0, contentAt, moov.length, 0) : moov;
}

function hasSamples(bytes: Uint8Array, from: number, end: number, depth: number): boolean {
  let found = false;
  eachBox(bytes, from, end, (type, _start, contentAt, boxEnd) => {
    if (type === path[depth]) found ||= hasSamples(bytes, contentAt, boxEnd, depth + 1);
    else if (depth === path.length && type === stsz) found ||= uint32(bytes, contentAt + 8) > 0; // sample_count
  });
  return found;
}

function rebuild(bytes: Uint8Array, start: number, contentAt: number, end: number, depth: number): Uint8Array {
  const content: Uint8Array[] = [];
  eachBox(bytes, contentAt, end, (type, boxStart, boxContentAt, boxEnd) => {
    const empty = depth === path.length ? emptied.get(type) : undefined;
    if (type === path[depth]) content.push(rebuild(bytes, boxStart, boxContentAt, boxEnd, depth + 1));
    else if (empty !== undefined) content.push(box(empty.type, [new Uint8Array(empty.bytes - 8)]));
    else if (depth < path.length || !dropped.has(type)) content.push(bytes.subarray(boxStart, boxEnd));
  });
  return box(Buffer.from(bytes.subarray(start + 4, start + 8)).toString('latin1'), content);
}

function box(type: string, content: readonly Uint8Array[]): Uint8Array {
  const built = Buffer.concat([new Uint8Array(8), ...content]);
  built.writeUInt32BE(built.length);
  built.write(type, 4, 'latin1');
  return built;
}
