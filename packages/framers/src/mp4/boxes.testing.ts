/** Builds ISO base media boxes for tests. */

export function u32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, 4 * index);
  return bytes;
}

export function box(type: string, ...content: readonly Uint8Array[]): Buffer {
  const data = Buffer.concat(content);
  return Buffer.concat([u32(8 + data.length), Buffer.from(type, 'latin1'), data]);
}

/** A box that begins with a version and flags. */
export function fullBox(type: string, version: number, flags: number, ...content: readonly Uint8Array[]): Buffer {
  return box(type, u32(version * 2 ** 24 + flags), ...content);
}

export const ftyp: Buffer = box('ftyp', Buffer.from('iso5'), u32(0), Buffer.from('iso5'));

export interface TrackOptions {
  /** The boxes of the sample tables; those of a stream, which are empty, by default. */
  readonly tables?: readonly Uint8Array[];
}

const emptyTables = [fullBox('stts', 0, 0, u32(0)), fullBox('stsc', 0, 0, u32(0)), fullBox('stsz', 0, 0, u32(0, 0)), fullBox('stco', 0, 0, u32(0))];

export function trak(id: number, handler: 'vide' | 'soun' | 'text', timescale: number, sampleEntry: Uint8Array, { tables = emptyTables }: TrackOptions = {}): Buffer {
  const stbl = box('stbl', fullBox('stsd', 0, 0, u32(1), sampleEntry), ...tables);
  const mdia = box('mdia', fullBox('mdhd', 0, 0, u32(0, 0, timescale, 0, 0)), fullBox('hdlr', 0, 0, u32(0), Buffer.from(handler), u32(0, 0, 0)), box('minf', stbl));
  return box('trak', fullBox('tkhd', 0, 3, u32(0, 0, id, 0, 0)), mdia);
}

export function trex(id: number, sampleFlags: number): Buffer {
  return fullBox('trex', 0, 0, u32(id, 1, 0, 0, sampleFlags));
}

export function moov(traks: readonly Uint8Array[], trexes: readonly Uint8Array[] | null): Buffer {
  return box('moov', fullBox('mvhd', 0, 0, u32(0, 0, 1000, 0)), ...traks, ...(trexes === null ? [] : [box('mvex', ...trexes)]));
}

export function videoEntry(type: string, ...boxes: readonly Uint8Array[]): Buffer {
  return box(type, new Uint8Array(78), ...boxes);
}

export function audioEntry(type: string, ...boxes: readonly Uint8Array[]): Buffer {
  return box(type, new Uint8Array(28), ...boxes);
}

export function moof(...trafs: readonly Uint8Array[]): Buffer {
  return box('moof', fullBox('mfhd', 0, 0, u32(1)), ...trafs);
}
