/** RFC 9639 §9.1.8: CRC-8 of polynomial 0x07, from 0. */
const table8: Uint8Array = new Uint8Array(256);
/** RFC 9639 §9.3: CRC-16 of polynomial 0x8005, from 0. */
const table16: Uint16Array = new Uint16Array(256);
for (let byte = 0; byte < 256; byte++) {
  let crc8 = byte;
  let crc16 = byte << 8;
  for (let bit = 0; bit < 8; bit++) {
    crc8 = (crc8 & 0x80) === 0 ? crc8 << 1 : (crc8 << 1) ^ 0x107;
    crc16 = (crc16 & 0x8000) === 0 ? crc16 << 1 : (crc16 << 1) ^ 0x18005;
  }
  table8[byte] = crc8;
  table16[byte] = crc16;
}

/** The CRC of a frame header; 0 over a header that ends in its own. */
export function crc8(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let at = from; at < to; at++) crc = table8[crc ^ bytes[at]!]!;
  return crc;
}

/** The CRC of a frame; 0 over a frame that ends in its own. */
export function crc16(bytes: Uint8Array, from: number, to: number): number {
  let crc = 0;
  for (let at = from; at < to; at++) crc = ((crc << 8) & 0xffff) ^ table16[(crc >> 8) ^ bytes[at]!]!;
  return crc;
}
