/** ISO/IEC 14496-12 §8.8.7: where the data of a track fragment is counted from. */
import { boxType, eachBox, uint32, uint64 } from './box.ts';

const traf = boxType('traf');
const tfhd = boxType('tfhd');
const free = boxType('free');

const baseDataOffsetPresent = 0x000001;
const defaultBaseIsMoof = 0x020000;
/** Of base_data_offset in a tfhd box; before it are the box's head, version, flags and track_ID. */
const fieldOffset = 16;
const fieldBytes = 8;

/**
 * A fragment that a listener can start with. FFmpeg, unless told `default_base_moof`, counts sample data from the start of the
 * file (base_data_offset), where a listener who joined has none. Then this is a copy in which the field is gone, the data is
 * counted from the moof box, and a free box fills the room: every size and every other offset stays.
 *
 * @param position of the moof box's first byte in the encoder's file
 * @returns the same array when it needs no change; null when the data is counted from elsewhere
 */
export function countFromMoof(fragment: Uint8Array, moofContentAt: number, moofEnd: number, position: number): Uint8Array | null {
  const absolute: number[] = [];
  let isElsewhere = false;
  eachBox(fragment, moofContentAt, moofEnd, (type, _start, contentAt, end) => {
    if (type !== traf) return;
    eachBox(fragment, contentAt, end, (child, start, childContentAt) => {
      if (child !== tfhd || (uint32(fragment, childContentAt) & baseDataOffsetPresent) === 0) return;
      absolute.push(start);
      isElsewhere ||= uint64(fragment, start + fieldOffset) !== position || uint32(fragment, start) < fieldOffset + fieldBytes;
    });
  });
  if (isElsewhere) return null;
  if (absolute.length === 0) return fragment;
  const changed = Buffer.from(fragment);
  for (const start of absolute) {
    const end = start + changed.readUInt32BE(start);
    changed.writeUInt32BE(end - start - fieldBytes, start);
    changed.writeUInt32BE((changed.readUInt32BE(start + 8) | defaultBaseIsMoof) - baseDataOffsetPresent, start + 8);
    changed.copyWithin(start + fieldOffset, start + fieldOffset + fieldBytes, end);
    changed.writeUInt32BE(fieldBytes, end - fieldBytes);
    changed.writeUInt32BE(free, end - fieldBytes + 4);
  }
  return changed;
}
