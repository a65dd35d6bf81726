import { beginsWith, sampledAudio } from './sampled-audio.ts';
import type { Mapping } from './mapping.ts';

/** Vorbis I specification §4.2.2 and §A.2: identification, comment and setup header, then audio; granules are samples. */
export function vorbis(packet: Uint8Array): Mapping | null {
  if (!beginsWith(packet, '\x01vorbis') || packet.length < 30) return null;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  const audioSampleRate = view.getUint32(12, true);
  return sampledAudio('vorbis', 3, audioSampleRate);
}
