const table = new Int32Array(256);
for (let index = 0; index < 256; index++) {
  let remainder = index << 24;
  for (let bit = 0; bit < 8; bit++) remainder = remainder < 0 ? (remainder << 1) ^ 0x04c11db7 : remainder << 1;
  table[index] = remainder;
}

/**
 * The CRC of sections (ISO/IEC 13818-1 annex A, "CRC-32/MPEG-2"), as a signed 32-bit number; 0 over a whole section that
 * ends in its own CRC.
 */
export function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) crc = (crc << 8) ^ (table[(crc >>> 24) ^ byte] as number);
  return crc;
}
