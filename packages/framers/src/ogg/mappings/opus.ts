import { beginsWith, sampledAudio } from './sampled-audio.ts';
import type { Mapping } from './mapping.ts';

/** RFC 7845 §4 and §5: OpusHead and OpusTags, then audio; granules are samples at 48 kHz, `pre-skip` of them before zero. */
export function opus(packet: Uint8Array): Mapping | null {
  if (!beginsWith(packet, 'OpusHead') || packet.length < 19) return null;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  const preSkip = view.getUint16(10, true);
  return sampledAudio('opus', 2, 48_000, preSkip);
}
