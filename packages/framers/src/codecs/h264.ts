import type { Entry } from './entry.ts';
import { hasRecoveryPoint } from './sei.ts';
import { afterStartCode, isAligned } from './start-code.ts';

/**
 * Can a decoder start at this H.264 access unit (ITU-T H.264 §7.3.1, §7.4.1.2.3)?
 *
 * Only where a sequence parameter set comes with it, at:
 * - an instantaneous decoder refresh picture
 * - any picture with a recovery point message: an I picture of an open GOP, or the first P picture of an intra refresh,
 *   where no key picture ever comes again and decoders show pictures once they have recovered
 * - an I picture without one: what broadcast encoders send at the start of a GOP. An I picture without a parameter set is
 *   a mere scene cut, which later pictures may look back across.
 */
export function h264Entry(bytes: Uint8Array, from: number, to: number): Entry {
  if (!isAligned(bytes, from, to)) return 'hearsay';
  let parameters = false;
  let recovery = false;
  for (let at = afterStartCode(bytes, from, to); at > 0 && at < to; ) {
    const type = (bytes[at] as number) & 0x1f; // nal_unit_type
    const next = afterStartCode(bytes, at, to);
    if (type === 5 || type === 1 || type === 2) {
      // The slice type is at most 2 × 17 bits behind the header byte.
      if (next < 0 && to - at < 6) return parameters ? 'headers' : 'short';
      return sliceEntry(bytes, at + 1, to, type === 5, parameters, recovery);
    }
    if (type === 7) parameters = true;
    else if (type === 6) recovery ||= hasRecoveryPoint(bytes, at + 1, next < 0 ? to : next - 3);
    at = next;
  }
  return parameters ? 'headers' : 'short';
}

function sliceEntry(bytes: Uint8Array, from: number, to: number, idr: boolean, parameters: boolean, recovery: boolean): Entry {
  const first = readUe(bytes, from * 8, to * 8); // first_mb_in_slice
  if (!parameters || first.value !== 0) return 'other';
  const type = readUe(bytes, first.end, to * 8).value % 5; // slice_type
  return idr || recovery || type === 2 || type === 4 ? 'key' : 'other';
}

/** An unsigned Exp-Golomb code (ITU-T H.264 §9.1) of up to 16 leading zeros, and the bit after it; -1 when there is none. */
function readUe(bytes: Uint8Array, from: number, to: number): { value: number; end: number } {
  const bit = (at: number): number => (at < to ? ((bytes[at >> 3] as number) >> (7 - (at & 7))) & 1 : 0);
  let zeros = 0;
  while (zeros <= 16 && bit(from + zeros) === 0) zeros += 1;
  if (zeros > 16) return { value: -1, end: to };
  let code = 0;
  for (let at = from + zeros; at <= from + 2 * zeros; at++) code = code * 2 + bit(at);
  return { value: code - 1, end: from + 2 * zeros + 1 };
}
