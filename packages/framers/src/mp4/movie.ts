/** ISO/IEC 14496-12 §8.2 to §8.8: the moov box of a fragmented stream. */
import { boxType, eachBox, uint32 } from './box.ts';
import { typeWithCodecs } from './codec-string.ts';
import { codecOfDescription } from './sample-entry.ts';

const trak = boxType('trak');
const tkhd = boxType('tkhd');
const mdia = boxType('mdia');
const mdhd = boxType('mdhd');
const hdlr = boxType('hdlr');
const minf = boxType('minf');
const stbl = boxType('stbl');
const stsd = boxType('stsd');
const mvex = boxType('mvex');
const trex = boxType('trex');
const vide = boxType('vide');
const soun = boxType('soun');

export interface Track {
  id: number;
  /** Ticks per second. */
  timescale: number;
  /** `vide`, `soun` or another. */
  handler: number;
  /** As RFC 6381 calls it; null where that is not known. */
  codec: string | null;
  /** Of a sample for which neither its run nor its fragment has flags. */
  defaultSampleFlags: number;
}

export interface Movie {
  readonly tracks: ReadonlyMap<number, Track>;
  /** The track whose sync samples a decoder starts at: the first with video; null for a stream without. */
  readonly videoTrack: number | null;
  readonly contentType: string;
}

/** The moov box whose content begins at `at`; null when no fragments can follow it, as it has no mvex box. */
export function parseMovie(bytes: Uint8Array, at: number, end: number): Movie | null {
  const tracks = new Map<number, Track>();
  const defaults = new Map<number, number>();
  let isFragmented = false;
  eachBox(bytes, at, end, (type, _start, contentAt, boxEnd) => {
    if (type === trak) {
      const track: Track = { id: 0, timescale: 0, handler: 0, codec: null, defaultSampleFlags: 0 };
      readTrack(bytes, contentAt, boxEnd, track);
      tracks.set(track.id, track);
    } else if (type === mvex) {
      isFragmented = true;
      eachBox(bytes, contentAt, boxEnd, (child, _childStart, childAt) => {
        if (child === trex) defaults.set(uint32(bytes, childAt + 4), uint32(bytes, childAt + 20));
      });
    }
  });
  if (!isFragmented) return null;
  for (const track of tracks.values()) track.defaultSampleFlags = defaults.get(track.id) ?? 0;
  const media = [...tracks.values()].filter((track) => track.handler === vide || track.handler === soun);
  const video = media.find((track) => track.handler === vide);
  const type = video === undefined && media.length > 0 ? 'audio/mp4' : 'video/mp4';
  return { tracks, videoTrack: video?.id ?? null, contentType: typeWithCodecs(type, media.map((track) => track.codec)) };
}

/** Where the boxes that matter are, from the trak box inwards. */
const path: readonly number[] = [mdia, minf, stbl];

function readTrack(bytes: Uint8Array, at: number, end: number, track: Track, depth = 0): void {
  eachBox(bytes, at, end, (type, _start, contentAt, boxEnd) => {
    const isVersion1 = bytes[contentAt] === 1;
    if (type === path[depth]) readTrack(bytes, contentAt, boxEnd, track, depth + 1);
    else if (type === tkhd) track.id = uint32(bytes, contentAt + (isVersion1 ? 20 : 12));
    else if (type === mdhd) track.timescale = uint32(bytes, contentAt + (isVersion1 ? 20 : 12));
    else if (type === hdlr) track.handler ||= uint32(bytes, contentAt + 8);
    else if (type === stsd) track.codec = codecOfDescription(bytes, contentAt, boxEnd);
  });
}
