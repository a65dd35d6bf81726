import type { Entry } from './entry.ts';
import { afterStartCode, isAligned } from './start-code.ts';

const pictureStart = 0x00;
const sliceMax = 0xaf;
const sequenceHeader = 0xb3;

/**
 * Can a decoder start at this MPEG-1 or MPEG-2 picture (ISO/IEC 11172-2 §2.4.2, ITU-T H.262 §6.2.2)?
 *
 * A sequence header with an I picture is an entry. A sequence header with a P picture is how encoders without I pictures
 * refresh: the container's flag decides.
 */
export function mpeg2videoEntry(bytes: Uint8Array, from: number, to: number): Entry {
  if (!isAligned(bytes, from, to)) return 'hearsay';
  let sequence = false;
  for (let at = afterStartCode(bytes, from, to); at > 0 && at < to; at = afterStartCode(bytes, at, to)) {
    const code = bytes[at] as number;
    if (code === sequenceHeader) sequence = true;
    else if (code === pictureStart) {
      if (to - at < 3) break;
      if (!sequence) return 'other';
      return (((bytes[at + 2] as number) >> 3) & 7) === 1 ? 'key' : 'hearsay'; // picture_coding_type
    } else if (code <= sliceMax) return 'hearsay';
  }
  return sequence ? 'headers' : 'short';
}
