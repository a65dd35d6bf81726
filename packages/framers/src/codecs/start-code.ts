/**
 * Index of the byte after the next start code prefix 00 00 01, or -1 when none lies wholly before `to`
 * (ITU-T H.264 annex B, H.265 annex B, H.262 §5.2.3).
 */
export function afterStartCode(bytes: Uint8Array, from: number, to: number): number {
  let at = from + 2;
  while (at < to) {
    const byte = bytes[at] as number;
    if (byte > 1) at += 3;
    else if (byte === 0) at += 1;
    else if (bytes[at - 1] === 0 && bytes[at - 2] === 0) return at + 1;
    else at += 3;
  }
  return -1;
}

/** True when a start code, zero bytes before it allowed, is the first thing at `from`; also when all is zero up to `to`. */
export function isAligned(bytes: Uint8Array, from: number, to: number): boolean {
  let at = from;
  while (at < to && bytes[at] === 0) at += 1;
  return at === to || (bytes[at] === 1 && at - from >= 2);
}
