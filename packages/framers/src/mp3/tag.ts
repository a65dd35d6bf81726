import { tagBytesMax } from '../limits.ts';
import type { Step } from '../resync.ts';

/** Size of the tag that begins at `at`: ID3v2, ID3v1, APEv2. */
export function audioTag(bytes: Uint8Array, at: number, end: number): Step {
  switch (bytes[at]) {
    case 0x49:
      return id3v2Tag(bytes, at, end);
    case 0x54:
      return id3v1Tag(bytes, at, end);
    case 0x41:
      return apeTag(bytes, at, end);
    default:
      return 'invalid';
  }
}

/** Size of an ID3v2 tag (id3.org, ID3 tag version 2.4.0 §3.1): four times seven bits, its header and footer not included. */
export function id3v2Tag(bytes: Uint8Array, at: number, end: number): Step {
  const header = findHeader(bytes, at, end, 'ID3', 10);
  if (header !== 'complete') return header;
  const version = bytes[at + 3]!;
  const flags = bytes[at + 5]!;
  const [a, b, c, d] = [bytes[at + 6]!, bytes[at + 7]!, bytes[at + 8]!, bytes[at + 9]!];
  if (version < 2 || version > 4 || (flags & 0x0f) !== 0 || ((a | b | c | d) & 0x80) !== 0) return 'invalid';
  const footerBytes = (flags & 0x10) === 0 ? 0 : 10;
  return withinLimit(10 + ((a << 21) | (b << 14) | (c << 7) | d) + footerBytes);
}

/** Size of an ID3v1 tag (id3.org): the last 128 bytes of a file. */
function id3v1Tag(bytes: Uint8Array, at: number, end: number): Step {
  const header = findHeader(bytes, at, end, 'TAG', 3);
  return header === 'complete' ? 128 : header;
}

/** Size of an APEv2 tag (wiki.hydrogenaud.io, APEv2 specification): items and footer, plus the header where this is one. */
function apeTag(bytes: Uint8Array, at: number, end: number): Step {
  const header = findHeader(bytes, at, end, 'APETAGEX', 32);
  if (header !== 'complete') return header;
  const itemsAndFooterBytes = bytes[at + 12]! + bytes[at + 13]! * 2 ** 8 + bytes[at + 14]! * 2 ** 16 + bytes[at + 15]! * 2 ** 24;
  const isHeader = (bytes[at + 23]! & 0x20) !== 0;
  return withinLimit(isHeader ? 32 + itemsAndFooterBytes : 32);
}

function findHeader(bytes: Uint8Array, at: number, end: number, mark: string, headerBytes: number): 'complete' | 'short' | 'invalid' {
  const present = Math.min(mark.length, end - at);
  for (let index = 0; index < present; index++) {
    if (bytes[at + index] !== mark.charCodeAt(index)) return 'invalid';
  }
  return at + headerBytes <= end ? 'complete' : 'short';
}

function withinLimit(size: number): Step {
  return size <= tagBytesMax ? size : 'invalid';
}
