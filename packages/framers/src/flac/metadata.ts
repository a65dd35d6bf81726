import { frameBytesMax } from '../limits.ts';
import type { Step } from '../resync.ts';
import { streamHeaderBytes } from './stream-info.ts';

/** RFC 9639 §8: a metadata block is a last-block flag, a type of seven bits, a length of 24 bits, and that many bytes. */
const blockHeaderBytes = 4;

/**
 * Block types that mean something to whoever joins late: application, Vorbis comment (it may have the channel layout),
 * picture. Padding, seek table and cue sheet are about a file.
 */
const keptTypes: ReadonlySet<number> = new Set([2, 4, 6]);

/** Bytes of the metadata block whose header is at `at`. */
export function metadataBlockAt(bytes: Uint8Array, at: number, end: number): Step {
  if (at + blockHeaderBytes > end) return 'short';
  const size = blockHeaderBytes + ((bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!);
  return typeOf(bytes, at) !== 127 && size <= frameBytesMax ? size : 'invalid';
}

/** Whether frames follow the metadata block at `at`. */
export function isLastBlock(bytes: Uint8Array, at: number): boolean {
  return (bytes[at]! & 0x80) !== 0;
}

/**
 * The init made of a stream header and the metadata blocks behind it: without the length and the MD5 of the whole
 * stream, without the blocks that do not apply, the last one that is left flagged.
 */
export function joinHeader([streamHeader, ...blocks]: readonly Uint8Array[]): Uint8Array {
  const kept = blocks.filter((block) => keptTypes.has(typeOf(block, 0)));
  const header = Buffer.concat([streamHeader ?? new Uint8Array(streamHeaderBytes), ...kept]);
  header[21] = header[21]! & 0xf0; // total samples: 36 bits
  header.fill(0, 22, streamHeaderBytes); // the other 32, and the MD5 of all samples
  let lastAt = 4;
  for (let at = 4; at < header.length; at += blockHeaderBytes + header.readUIntBE(at + 1, 3)) {
    header[at] = typeOf(header, at);
    lastAt = at;
  }
  header[lastAt] = header[lastAt]! | 0x80;
  return header;
}

function typeOf(bytes: Uint8Array, at: number): number {
  return bytes[at]! & 0x7f;
}
