import { beginsWith, sampledAudio } from './sampled-audio.ts';
import type { Mapping } from './mapping.ts';

/** The Speex Codec Manual §7.2, "Ogg file format": header, comment, `extra_headers` more, then audio; granules are samples. */
export function speex(packet: Uint8Array): Mapping | null {
  if (!beginsWith(packet, 'Speex   ') || packet.length < 80) return null;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  const rate = view.getUint32(36, true);
  const extraHeaders = view.getUint32(68, true);
  return sampledAudio('speex', 2 + extraHeaders, rate);
}
