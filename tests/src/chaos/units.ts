import type { FormatName } from '@weir/media';
import { packetBytes } from '../support/stamp.ts';

/** Where an FLV tag has its timestamp, which a new run of a source may have changed (Adobe FLV 10.1 §E.4.1). */
const flvTimestamp = { at: 4, bytes: 4 } as const;

/**
 * The pieces of a frame that are told apart: the packets of a transport stream, which come in groups of any size; in other formats
 * the frame itself, without what the edge may change in it.
 */
export function unitsOf(format: FormatName, payload: Uint8Array): readonly Uint8Array[] {
  if (format === 'mpegts') return Array.from({ length: payload.length / packetBytes }, (_, index) => payload.subarray(index * packetBytes, (index + 1) * packetBytes));
  if (format !== 'flv' || payload.length <= flvTimestamp.at + flvTimestamp.bytes) return [payload];
  const unit = Buffer.from(payload);
  unit.fill(0, flvTimestamp.at, flvTimestamp.at + flvTimestamp.bytes);
  return [unit];
}
