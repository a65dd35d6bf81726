import type { Step } from '../resync.ts';
import { checksum, checksumOfOwnField } from './checksum.ts';

/**
 * RFC 3533 §6: the header of a page, all numbers little-endian.
 *
 * ```
 *   0 'OggS'   4 version   5 header_type   6 granule_position (8)   14 serial (4)   18 sequence (4)   22 CRC (4)
 *  26 page_segments   27 segment_table (page_segments bytes, each the length of a piece of a packet)   then the pieces
 * ```
 */
const headerBytes = 27;

/** Bytes to fetch at a time while a page's size is not known: its header and the longest segment table. */
export const headerBytesMax: number = headerBytes + 255;

/** Bytes of the page whose header is at `at`. */
export function pageAt(bytes: Uint8Array, at: number, end: number): Step {
  if (bytes[at] !== 0x4f) return 'invalid';
  if (at + headerBytes > end) return 'short';
  if (bytes[at + 1] !== 0x67 || bytes[at + 2] !== 0x67 || bytes[at + 3] !== 0x53 || bytes[at + 4] !== 0) return 'invalid';
  const segmentTable = at + headerBytes;
  const body = segmentTable + bytes[at + 26]!;
  if (body > end) return 'short';
  let size = body - at;
  for (let segment = segmentTable; segment < body; segment++) size += bytes[segment]!;
  return size;
}

/** Whether the CRC of a complete page, which is computed with its own field zero, is right. */
export function isIntact(bytes: Uint8Array, at: number, size: number): boolean {
  const beforeField = checksum(0, bytes, at, at + 22);
  return checksum(checksumOfOwnField(beforeField), bytes, at + 26, at + size) === (readUint32(bytes, at + 22) | 0);
}

/** The page goes on with a packet that an earlier one began. */
export function isContinued(bytes: Uint8Array, at: number): boolean {
  return (bytes[at + 5]! & 0x01) !== 0;
}

/** The page is the first of its logical stream. */
export function isFirst(bytes: Uint8Array, at: number): boolean {
  return (bytes[at + 5]! & 0x02) !== 0;
}

/** The page is the last of its logical stream. */
export function isLast(bytes: Uint8Array, at: number): boolean {
  return (bytes[at + 5]! & 0x04) !== 0;
}

/** Upper half of the 64-bit granule position; the whole is -1 where no packet ends on the page. */
export function granuleHigh(bytes: Uint8Array, at: number): number {
  return readUint32(bytes, at + 10);
}

/** Lower half of the granule position. */
export function granuleLow(bytes: Uint8Array, at: number): number {
  return readUint32(bytes, at + 6);
}

/** The number that tells a logical stream from those it is multiplexed with. */
export function serialOf(bytes: Uint8Array, at: number): number {
  return readUint32(bytes, at + 14);
}

/** Counts the pages of a logical stream, modulo 2^32. */
export function sequenceOf(bytes: Uint8Array, at: number): number {
  return readUint32(bytes, at + 18);
}

/** How many packets end on the page: a piece shorter than 255 bytes is a packet's last. */
export function packetsEnded(bytes: Uint8Array, at: number): number {
  let ended = 0;
  for (let segment = at + headerBytes, body = bodyAt(bytes, at); segment < body; segment++) {
    if (bytes[segment]! < 255) ended++;
  }
  return ended;
}

/** Bytes of the first piece of a packet on the page; 0 is an empty packet, or none. */
export function firstPieceBytes(bytes: Uint8Array, at: number): number {
  return bytes[at + 26]! === 0 ? 0 : bytes[at + headerBytes]!;
}

/** Where the page's packet data begins. */
export function bodyAt(bytes: Uint8Array, at: number): number {
  return at + headerBytes + bytes[at + 26]!;
}

function readUint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}
