// ISO/IEC 13818-1 §2.4.3.6: the header of a PES packet.

/** True when a PES packet with the full header starts at `from`. */
function hasHeader(bytes: Uint8Array, from: number, to: number): boolean {
  return (
    to - from >= 9 && bytes[from] === 0 && bytes[from + 1] === 0 && bytes[from + 2] === 1 && ((bytes[from + 6] as number) & 0xc0) === 0x80
  );
}

/** Offset of the elementary stream in a PES packet that starts at `from`; `to` when it has not begun by then. */
export function elementaryAt(bytes: Uint8Array, from: number, to: number): number {
  return hasHeader(bytes, from, to) ? Math.min(from + 9 + (bytes[from + 8] as number), to) : to; // PES_header_data_length
}

/** The presentation time stamp of a PES packet that starts at `from`, 33 bits of 90 kHz; null when it has none by `to`. */
export function presentationTime(bytes: Uint8Array, from: number, to: number): number | null {
  if (!hasHeader(bytes, from, to) || ((bytes[from + 7] as number) & 0x80) === 0 || to - from < 14) return null; // PTS_DTS_flags
  const at = from + 9;
  const high = ((bytes[at] as number) >> 1) & 7;
  const middle = ((bytes[at + 1] as number) << 7) | ((bytes[at + 2] as number) >> 1);
  const low = ((bytes[at + 3] as number) << 7) | ((bytes[at + 4] as number) >> 1);
  return high * 2 ** 30 + middle * 2 ** 15 + low;
}
