/**
 * Whether the MPEG audio frame at `at` is the one an encoder puts first in a file for its length and seek table: `Xing`
 * or `Info` (LAME and others) after an empty side information, `VBRI` (Fraunhofer) 32 bytes after the header. It decodes to
 * silence, and tells whoever joins a live stream a length that is not so.
 */
export function isInfoFrame(bytes: Uint8Array, at: number, size: number): boolean {
  const isMpeg1 = (bytes[at + 1]! & 0x08) !== 0;
  const isMono = bytes[at + 3]! >> 6 === 3;
  const sideBytes = isMpeg1 ? (isMono ? 17 : 32) : isMono ? 9 : 17;
  const mark = at + 4 + sideBytes;
  switch (bytes[mark]) {
    case 0x58:
      return size > sideBytes + 8 && isText(bytes, mark, 'Xing') && isEmpty(bytes, at + 6, mark);
    case 0x49:
      return size > sideBytes + 8 && isText(bytes, mark, 'Info') && isEmpty(bytes, at + 6, mark);
    default:
      return size > 40 && bytes[at + 36] === 0x56 && isText(bytes, at + 36, 'VBRI');
  }
}

function isText(bytes: Uint8Array, at: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes[at + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

/** A header with the protection bit has a CRC in front of the side information: the first two bytes are not looked at. */
function isEmpty(bytes: Uint8Array, from: number, to: number): boolean {
  for (let index = from; index < to; index++) {
    if (bytes[index] !== 0) return false;
  }
  return true;
}
