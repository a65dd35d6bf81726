/** ISO/IEC 14496-12 §4.2: boxes. A type is its four characters as one number, so that comparing costs nothing. */
import type { Step } from '../resync.ts';

/** Bytes of the longest box head weir reads: size, type and a size of 64 bits. */
export const headBytesMax: number = 16;

/** The number for a box type of four ASCII characters. */
export function boxType(name: string): number {
  return Buffer.from(name, 'latin1').readUInt32BE();
}

/** The head of one box. */
export class BoxHead {
  type = 0;
  /** Bytes of the whole box, its head included; Infinity when it goes on to the end of the stream. */
  size = 0;

  /** Reads the head at `at`; bytes from `end` on are not there yet. Returns the bytes it takes. */
  read(bytes: Uint8Array, at: number, end: number): Step {
    if (at + 8 > end) return 'short';
    this.type = uint32(bytes, at + 4);
    this.size = uint32(bytes, at);
    let headBytes = 8;
    if (this.size === 1) {
      if (at + headBytesMax > end) return 'short';
      this.size = uint64(bytes, at + 8); // largesize
      headBytes = headBytesMax;
    } else if (this.size === 0) this.size = Number.POSITIVE_INFINITY;
    return this.size < headBytes ? 'invalid' : headBytes;
  }
}

/** Takes the boxes within another: where the box begins, where its content does, where both end. */
export type VisitBox = (type: number, start: number, contentAt: number, end: number) => void;

/** Calls `visit` with each box from `from` to `end`; stops at the first that is malformed. */
export function eachBox(bytes: Uint8Array, from: number, end: number, visit: VisitBox): void {
  const head = new BoxHead();
  for (let at = from; at < end; ) {
    const headBytes = head.read(bytes, at, end);
    if (typeof headBytes !== 'number' || at + head.size > end) return;
    const start = at;
    at += head.size;
    visit(head.type, start, start + headBytes, at);
  }
}

/** 0 beyond the array, so that a box cut short reads as zeros. */
export function uint32(bytes: Uint8Array, at: number): number {
  return (((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)) >>> 0;
}

/** Not exact above 2^53. */
export function uint64(bytes: Uint8Array, at: number): number {
  return uint32(bytes, at) * 2 ** 32 + uint32(bytes, at + 4);
}
