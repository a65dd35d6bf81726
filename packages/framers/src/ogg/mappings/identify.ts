import { flac } from './flac.ts';
import type { Mapping } from './mapping.ts';
import { opus } from './opus.ts';
import { speex } from './speex.ts';
import { theora } from './theora.ts';
import { vorbis } from './vorbis.ts';

/** The mapping that an identification header belongs to; null for codecs weir does not know, and for Skeleton, which is none. */
export function identify(packet: Uint8Array): Mapping | null {
  return vorbis(packet) ?? opus(packet) ?? flac(packet) ?? theora(packet) ?? speex(packet);
}
