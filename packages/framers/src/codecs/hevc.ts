import type { Entry } from './entry.ts';
import { hasRecoveryPoint } from './sei.ts';
import { afterStartCode, isAligned } from './start-code.ts';

/**
 * Can a decoder start at this HEVC access unit (ITU-T H.265 §7.3.1.2, §7.4.2.2)?
 *
 * Intra random access point pictures (IDR, CRA, BLA) are entries where a sequence parameter set comes with them. A
 * recovery point message on another picture is believed only together with the container's flag: few decoders start there.
 */
export function hevcEntry(bytes: Uint8Array, from: number, to: number): Entry {
  if (!isAligned(bytes, from, to)) return 'hearsay';
  let parameters = false;
  let recovery = false;
  for (let at = afterStartCode(bytes, from, to); at > 0 && at < to; ) {
    const type = ((bytes[at] as number) >> 1) & 0x3f; // nal_unit_type
    const next = afterStartCode(bytes, at, to);
    if (type < 32) {
      if (to - at < 3) break;
      if (!parameters || ((bytes[at + 2] as number) & 0x80) === 0) return 'other'; // first_slice_segment_in_pic_flag
      if (type >= 16 && type <= 23) return 'key';
      return recovery ? 'hearsay' : 'other';
    }
    if (type === 33) parameters = true;
    else if (type === 39) recovery ||= hasRecoveryPoint(bytes, at + 2, next < 0 ? to : next - 3);
    at = next;
  }
  return parameters ? 'headers' : 'short';
}
