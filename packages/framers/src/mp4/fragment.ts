/** ISO/IEC 14496-12 §8.8: the moof box. */
import { boxType, eachBox, uint32, uint64 } from './box.ts';
import type { Movie } from './movie.ts';

const traf = boxType('traf');
const tfhd = boxType('tfhd');
const tfdt = boxType('tfdt');
const trun = boxType('trun');

/** sample_flags, §8.8.3.1. */
const sampleIsNonSync = 0x00010000;
const sampleDependsOnOthers = 0x01000000;
const sampleDependsMask = 0x03000000;

export interface Fragment {
  /** Its video begins with a sync sample; true for a stream without video. */
  readonly isRandomAccess: boolean;
  /** When its first sample of video is shown (of the first track in it, where there is none); null without a tfdt box. */
  readonly timeMicros: number | null;
}

interface TrackFragment {
  trackId: number;
  /** Of the tfhd box; null where that leaves it to the trex box. */
  defaultSampleFlags: number | null;
  baseMediaDecodeTime: number | null;
  firstSample: { readonly flags: number | null; readonly compositionOffset: number } | null;
}

/** The moof box whose content begins at `at`. */
export function parseFragment(bytes: Uint8Array, at: number, end: number, movie: Movie): Fragment {
  let chosen: TrackFragment | null = null;
  eachBox(bytes, at, end, (type, _start, contentAt, boxEnd) => {
    if (type !== traf) return;
    const found = readTrackFragment(bytes, contentAt, boxEnd);
    const isVideo = found.trackId === movie.videoTrack && chosen?.trackId !== movie.videoTrack;
    if (chosen === null || isVideo) chosen = found;
  });
  return judge(chosen, movie);
}

function judge(found: TrackFragment | null, movie: Movie): Fragment {
  const track = found === null ? undefined : movie.tracks.get(found.trackId);
  if (found === null || track === undefined) return { isRandomAccess: false, timeMicros: null };
  const { firstSample, baseMediaDecodeTime } = found;
  const flags = firstSample?.flags ?? found.defaultSampleFlags ?? track.defaultSampleFlags;
  const isSync = (flags & sampleIsNonSync) === 0 && (flags & sampleDependsMask) !== sampleDependsOnOthers;
  const isRandomAccess = movie.videoTrack === null || (found.trackId === movie.videoTrack && firstSample !== null && isSync);
  if (baseMediaDecodeTime === null || track.timescale === 0) return { isRandomAccess, timeMicros: null };
  const ticks = baseMediaDecodeTime + (firstSample?.compositionOffset ?? 0);
  return { isRandomAccess, timeMicros: (ticks * 1_000_000) / track.timescale };
}

function readTrackFragment(bytes: Uint8Array, at: number, end: number): TrackFragment {
  const found: TrackFragment = { trackId: 0, defaultSampleFlags: null, baseMediaDecodeTime: null, firstSample: null };
  eachBox(bytes, at, end, (type, _start, contentAt) => {
    const flags = uint32(bytes, contentAt) % 2 ** 24;
    switch (type) {
      case tfhd: {
        found.trackId = uint32(bytes, contentAt + 4);
        const before = (has(flags, 0x01) ? 8 : 0) + (has(flags, 0x02) ? 4 : 0) + (has(flags, 0x08) ? 4 : 0) + (has(flags, 0x10) ? 4 : 0);
        if (has(flags, 0x20)) found.defaultSampleFlags = uint32(bytes, contentAt + 8 + before);
        break;
      }
      case tfdt:
        found.baseMediaDecodeTime = bytes[contentAt] === 1 ? uint64(bytes, contentAt + 4) : uint32(bytes, contentAt + 4);
        break;
      case trun:
        found.firstSample ??= readFirstSample(bytes, contentAt, flags);
        break;
    }
  });
  return found;
}

/** §8.8.8: the first sample of a trun box; null when it has none. */
function readFirstSample(bytes: Uint8Array, at: number, flags: number): TrackFragment['firstSample'] {
  if (uint32(bytes, at + 4) === 0) return null; // sample_count
  let next = at + 8 + (has(flags, 0x01) ? 4 : 0); // data_offset
  let sampleFlags: number | null = null;
  if (has(flags, 0x04)) {
    sampleFlags = uint32(bytes, next); // first_sample_flags
    next += 4;
  }
  if (has(flags, 0x100)) next += 4; // sample_duration
  if (has(flags, 0x200)) next += 4; // sample_size
  if (has(flags, 0x400)) {
    sampleFlags ??= uint32(bytes, next);
    next += 4;
  }
  const offset = has(flags, 0x800) ? uint32(bytes, next) : 0;
  return { flags: sampleFlags, compositionOffset: bytes[at] === 0 ? offset : offset | 0 }; // signed since version 1
}

function has(flags: number, flag: number): boolean {
  return (flags & flag) !== 0;
}
