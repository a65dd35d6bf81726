import { scriptTag, audioTag, tagHeaderBytes, tagType, videoTag } from './tag.ts';

/**
 * The tag with its time moved by so many milliseconds, as a copy; the payload itself when it is no tag (the file header) or is not
 * to be moved. Times are 24 bits and 8 more above them (Adobe Flash Video File Format 10.1, Annex E.4.1), and wrap.
 */
export function shiftFlvTag(payload: Uint8Array, millis: number): Uint8Array {
  if (millis === 0 || payload.length < tagHeaderBytes) return payload;
  if (![scriptTag, audioTag, videoTag].includes(tagType(payload, 0))) return payload;
  const tag = Buffer.from(payload);
  const time = tag.readUIntBE(4, 3) + tag.readUInt8(7) * 2 ** 24;
  const moved = (((time + Math.round(millis)) % 2 ** 32) + 2 ** 32) % 2 ** 32;
  tag.writeUIntBE(moved % 2 ** 24, 4, 3);
  tag.writeUInt8(Math.floor(moved / 2 ** 24), 7);
  return tag;
}
