import { beginsWith, sampledAudio } from './sampled-audio.ts';
import type { Mapping } from './mapping.ts';

/**
 * Mapping of FLAC to Ogg (RFC 9639 §10.1): the first packet has the stream information and the number of metadata
 * packets after it, where 0 means unknown; granules are samples.
 */
export function flac(packet: Uint8Array): Mapping | null {
  if (!beginsWith(packet, '\x7fFLAC') || packet.length < 51) return null;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
  const headerPackets = view.getUint16(7);
  const sampleRate = view.getUint32(27) >>> 12;
  return sampledAudio('flac', headerPackets === 0 ? null : 1 + headerPackets, sampleRate);
}
