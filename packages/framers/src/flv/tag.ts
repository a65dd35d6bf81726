// Adobe Flash Video File Format Specification 10.1, annex E.4.1: one tag, and the PreviousTagSize after it.
//
//  0      1         4          7         8         11             11 + DataSize
//  +------+---------+----------+---------+---------+--------------+------------------------+
//  | type | DataSize| time, ms | time    | stream  | body         | PreviousTagSize        |
//  |      |         | 24 low   | 8 high  | id, 0   |              | 11 + DataSize          |
//  +------+---------+----------+---------+---------+--------------+------------------------+
import { frameBytesMax } from '../limits.ts';

/** Bytes of a tag before its body. */
export const tagHeaderBytes: number = 11;

const previousTagSizeBytes = 4;

/** TagType of audio. */
export const audioTag: number = 8;
/** TagType of video. */
export const videoTag: number = 9;
/** TagType of script data, such as onMetaData. */
export const scriptTag: number = 18;

/** The type byte of the tag at `at`: a TagType, plus 0x20 when the body is encrypted. */
export function tagType(bytes: Uint8Array, at: number): number {
  return bytes[at] as number;
}

/** True when a tag can begin with this byte. */
export function mayBeTagType(byte: number): boolean {
  const type = byte & ~0x20;
  return type === audioTag || type === videoTag || type === scriptTag;
}

/** Bytes of the tag at `at` with the PreviousTagSize after it, from its header; 0 when it is no header, or too large. */
export function tagBytes(bytes: Uint8Array, at: number): number {
  if (!mayBeTagType(bytes[at] as number)) return 0;
  if (bytes[at + 8] !== 0 || bytes[at + 9] !== 0 || bytes[at + 10] !== 0) return 0; // StreamID
  const size = tagHeaderBytes + uint24(bytes, at + 1) + previousTagSizeBytes;
  return size <= frameBytesMax ? size : 0;
}

/** True when the tag of `size` bytes at `at` ends in a PreviousTagSize that says so. */
export function isChained(bytes: Uint8Array, at: number, size: number): boolean {
  const last = at + size - previousTagSizeBytes;
  return bytes[last] === 0 && uint24(bytes, last + 1) === size - previousTagSizeBytes;
}

/** The time stamp of the tag at `at`: milliseconds, 32 bits that wrap. */
export function tagMillis(bytes: Uint8Array, at = 0): number {
  return (bytes[at + 7] as number) * 2 ** 24 + uint24(bytes, at + 4);
}

/** Where the body of a tag of `size` bytes at `at` ends; it begins {@link tagHeaderBytes} after `at`. */
export function bodyEnd(at: number, size: number): number {
  return at + size - previousTagSizeBytes;
}

/** A copy of a tag with its time set to 0: as it stands in an init. */
export function timelessTag(tag: Uint8Array): Uint8Array {
  return new Uint8Array(tag).fill(0, 4, 8);
}

/** An unsigned 24-bit number. */
function uint24(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
}
