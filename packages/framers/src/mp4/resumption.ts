import { boxType, uint32 } from './box.ts';

const ftyp = boxType('ftyp');
const styp = boxType('styp');
const moov = boxType('moov');
const moof = boxType('moof');
const mvhd = boxType('mvhd');
const mfhd = boxType('mfhd');

/** Bytes of a file or segment type box: its brands. */
const brandBytesMax = 1024;
/** Bytes that tell whether a box begins somewhere: its head, and that of the first box within. */
const evidenceBytes = 16;

/** Where a stream goes on, or from where on more bytes are needed to tell. */
export interface Resumption {
  readonly found: boolean;
  readonly at: number;
}

/** The first place from `from` on where a ftyp or moov box begins or, if `withFragments`, a styp or moof box. */
export function findResumption(bytes: Uint8Array, from: number, end: number, withFragments: boolean): Resumption {
  for (let at = from; at + evidenceBytes <= end; at++) {
    const third = bytes[at + 6];
    if (third !== 0x79 && third !== 0x6f) continue; // all four have `y` or `o` there
    if (resumesAt(bytes, at, withFragments)) return { found: true, at };
  }
  return { found: false, at: Math.max(from, end - evidenceBytes + 1) };
}

function resumesAt(bytes: Uint8Array, at: number, withFragments: boolean): boolean {
  const size = uint32(bytes, at);
  const first = uint32(bytes, at + 12);
  switch (uint32(bytes, at + 4)) {
    case ftyp:
      return size >= 16 && size <= brandBytesMax;
    case styp:
      return withFragments && size >= 16 && size <= brandBytesMax;
    case moov:
      return first === mvhd;
    case moof:
      return withFragments && first === mfhd;
    default:
      return false;
  }
}
