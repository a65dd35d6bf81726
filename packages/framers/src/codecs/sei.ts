const recoveryPoint = 6;

/**
 * True when a supplemental enhancement information RBSP between `from` and `to` has a recovery point message: decoding
 * from its access unit on gives correct pictures, at once or after a while (ITU-T H.264 §7.3.2.3, §D.2.8; H.265 §7.3.2.4, §D.3.8).
 */
export function hasRecoveryPoint(bytes: Uint8Array, from: number, to: number): boolean {
  let at = from;
  let zeros = 0;
  // The next RBSP byte, emulation prevention bytes (00 00 03) left out; -1 at the end.
  const next = (): number => {
    if (at < to && zeros >= 2 && bytes[at] === 3) {
      at += 1;
      zeros = 0;
    }
    if (at >= to) return -1;
    const byte = bytes[at++] as number;
    zeros = byte === 0 ? zeros + 1 : 0;
    return byte;
  };
  const readCount = (): number => {
    let count = 0;
    let byte = next();
    for (; byte === 0xff; byte = next()) count += 255;
    return byte < 0 ? -1 : count + byte;
  };
  while (at < to) {
    const type = readCount();
    if (type === recoveryPoint) return true;
    const size = readCount();
    if (size < 0) return false;
    for (let left = size; left > 0; left--) if (next() < 0) return false;
  }
  return false;
}
