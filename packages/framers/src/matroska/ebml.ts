/** RFC 8794: EBML elements. An element ID keeps its length marker, as RFC 9559 writes them. */
import type { Step } from '../resync.ts';

/** Bytes of the longest element head: an ID of four, a size of eight. */
export const headBytesMax: number = 12;

/** The head of one element. One instance is used again and again: blocks are too many to allocate for. */
export class ElementHead {
  id = 0;
  /** Bytes of the element's data; Infinity when the head says that it is not known. */
  size = 0;

  /** Reads the head at `at`; bytes from `end` on are not there yet. Returns the bytes it takes. */
  read(bytes: Uint8Array, at: number, end: number): Step {
    if (at >= end) return 'short';
    const idBytes = Math.clz32(bytes[at]!) - 23;
    if (idBytes > 4) return 'invalid';
    if (at + idBytes >= end) return 'short';
    let id = bytes[at]!;
    for (let index = 1; index < idBytes; index++) id = id * 256 + bytes[at + index]!;
    const sizeAt = at + idBytes;
    const sizeBytes = Math.clz32(bytes[sizeAt]!) - 23;
    if (sizeBytes > 8) return 'invalid';
    if (sizeAt + sizeBytes > end) return 'short';
    this.id = id;
    this.size = vint(bytes, sizeAt, sizeBytes);
    return idBytes + sizeBytes;
  }
}

/** §4: all data bits set is reserved for a size that is not known. Above 2^53 the value is not exact, and beyond any limit. */
function vint(bytes: Uint8Array, at: number, length: number): number {
  const first = bytes[at]! & (0xff >> length);
  let value = first;
  let isUnknown = first === 0xff >> length;
  for (let index = 1; index < length; index++) {
    const byte = bytes[at + index]!;
    isUnknown &&= byte === 0xff;
    value = value * 256 + byte;
  }
  return isUnknown ? Number.POSITIVE_INFINITY : value;
}

/** Calls `visit` with the data of each element within a master element's data; stops at the first that is malformed. */
export function eachElement(data: Uint8Array, visit: (id: number, data: Uint8Array) => void): void {
  const head = new ElementHead();
  for (let at = 0; at < data.length; ) {
    const headBytes = head.read(data, at, data.length);
    if (typeof headBytes !== 'number') return;
    const start = at + headBytes;
    at = start + head.size;
    if (at > data.length) return;
    visit(head.id, data.subarray(start, at));
  }
}

/** Bytes of the longest integer element (§7.2). */
export const integerBytesMax: number = 8;

/** An unsigned integer element's value, not exact above 2^53; null when it is malformed. */
export function unsigned(data: Uint8Array): number | null {
  if (data.length > integerBytesMax) return null;
  let value = 0;
  for (const byte of data) value = value * 256 + byte;
  return value;
}

/** A string element's value: what follows a zero byte is padding. */
export function text(data: Uint8Array): string {
  const end = data.indexOf(0);
  return Buffer.from(end === -1 ? data : data.subarray(0, end)).toString('latin1');
}
