import { headerBytesMax, passwordLineBytesMax } from '../limits.ts';
import type { Start } from './read-start.ts';
import { headEnd, headLines, parseHeaders } from './source-head.ts';
import type { SourceHeaders } from './source-head.ts';

/**
 * A SHOUTcast source's first line; found as null when it is too long to be a password. The line feed is left where it is, so that the
 * headers' end can be found when there are none.
 */
export function findPassword(read: Buffer): Start<string | null> | null {
  const end = read.subarray(0, passwordLineBytesMax).indexOf('\n');
  if (end >= 0) return { bytesUsed: end, found: read.toString('utf8', 0, end).replace(/\r{1,2}$/, '') };
  return read.length < passwordLineBytesMax ? null : { bytesUsed: 0, found: null };
}

/** The lines after it; found as null when they are too many bytes, or none that could be headers. */
export function findHeaders(read: Buffer, known: number): Start<SourceHeaders | null> | null {
  const end = headEnd(read, Math.max(0, known - 2));
  if (end > headerBytesMax || (end < 0 && read.length > headerBytesMax)) return { bytesUsed: 0, found: null };
  return end < 0 ? null : { bytesUsed: end, found: parseHeaders(headLines(read.subarray(0, end))) };
}
