import type { InitFrame } from '@weir/media';
import { formatOf } from '@weir/media';
import { claimedKinds } from './flv/file-header.ts';
import { packetBytes, payloadAt, pidAt, startsUnit } from './mpegts/packet.ts';
import { Tables } from './mpegts/tables.ts';

/** True when the stream of this init has pictures, or says it has: FLV encoders are known to say so whatever follows. */
export function carriesVideo({ format, contentType, payload }: InitFrame): boolean {
  if (!formatOf(format).video) return false;
  if (format === 'mpegts') return mapsVideo(payload);
  if (format === 'flv') return claimedKinds(payload, 0).video;
  return !contentType.startsWith('audio/');
}

/** Reads PAT and PMT as they stand in an init. */
function mapsVideo(packets: Uint8Array): boolean {
  const tables = new Tables(null);
  for (let at = 0; at + packetBytes <= packets.length; at += packetBytes) {
    tables.push(pidAt(packets, at), packets.subarray(payloadAt(packets, at), at + packetBytes), startsUnit(packets, at));
  }
  return tables.choice?.streams.some(({ media }) => media === 'video') ?? false;
}
