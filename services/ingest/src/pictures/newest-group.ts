import { lastUnit } from '@weir/framers';
import type { FormatName, InitFrame, StreamFrame } from '@weir/media';
import type { FrameRing } from '@weir/ring';
import { unitQuietMillis } from '../limits.ts';

/** What a decoder needs for the newest picture of a stream, and no byte after it. The bytes are the ring's: read-only. */
export interface NewestGroup {
  readonly format: FormatName;
  readonly parts: readonly Uint8Array[];
  /** Names the newest picture; the same name is the same picture. */
  readonly shown: string;
  /** mpegts: the PID of the pictures, where other programs may have some too; null for other formats. */
  readonly pid: number | null;
}

const startOfImage = Buffer.from([0xff, 0xd8, 0xff]);
const endOfImage = Buffer.from([0xff, 0xd9]);

/** Null while there is no whole picture. `nowMillis` is Unix time. */
export function newestGroup(ring: FrameRing, nowMillis: number): NewestGroup | null {
  const start = ring.newestRandomAccess;
  const init = start < 0 ? null : ring.initAt(start);
  if (init === null) return null;
  if (init.format === 'mjpeg' || init.format === 'mpjpeg') return newestJpeg(ring.at(start));
  const frames = mediaFrom(ring, start, ring.head);
  if (init.format === 'mpegts') return newestUnits(ring, start, init, frames, nowMillis);
  return { format: init.format, parts: [init.payload, ...payloads(frames)], shown: nameOf(frames.at(-1)), pid: null };
}

/** The JPEG itself: a part of MPJPEG has a boundary and a header before it. */
function newestJpeg(frame: StreamFrame): NewestGroup | null {
  const bytes = Buffer.from(frame.payload.buffer, frame.payload.byteOffset, frame.payload.length);
  const from = bytes.indexOf(startOfImage);
  const to = bytes.lastIndexOf(endOfImage);
  if (from < 0 || to < from) return null;
  return { format: 'mjpeg', parts: [bytes.subarray(from, to + endOfImage.length)], shown: nameOf(frame), pid: null };
}

/**
 * Transport packets leave as they come: the last picture may not be whole. It counts as whole when the source has paused
 * after it; else the one before it is the newest, which may be of the group before.
 */
function newestUnits(ring: FrameRing, start: number, init: InitFrame, frames: readonly StreamFrame[], nowMillis: number): NewestGroup | null {
  const newest = frames.at(-1);
  if (newest === undefined) return null;
  const runs = payloads(frames);
  const { run, offset, pid } = lastUnit(runs);
  if (nowMillis - newest.capturedMillis >= unitQuietMillis) return { format: 'mpegts', parts: [init.payload, ...runs], shown: nameOf(newest), pid };
  const shown = `${nameOf(frames[run])}-${offset}`;
  if (run > 0 || offset > 0) {
    const last = runs[run]?.subarray(0, offset) ?? new Uint8Array(0);
    return { format: 'mpegts', parts: [init.payload, ...runs.slice(0, run), last], shown, pid };
  }
  const before = randomAccessBefore(ring, start);
  const initBefore = before < 0 ? null : ring.initAt(before);
  if (initBefore === null) return null;
  return { format: 'mpegts', parts: [initBefore.payload, ...payloads(mediaFrom(ring, before, start))], shown, pid };
}

/** The frames of one run of the source: those of another need its own init. */
function mediaFrom(ring: FrameRing, start: number, end: number): readonly StreamFrame[] {
  const { epoch } = ring.at(start);
  const frames: StreamFrame[] = [];
  for (let index = start; index < end; index++) {
    const frame = ring.at(index);
    if (frame.epoch !== epoch) break;
    if (frame.kind === 'random-access' || frame.kind === 'delta') frames.push(frame);
  }
  return frames;
}

/** The index of the random access frame before the one at `index`, in the same run of the source; -1 when there is none. */
function randomAccessBefore(ring: FrameRing, index: number): number {
  const { epoch } = ring.at(index);
  for (let before = index - 1; before >= ring.tail; before--) {
    const frame = ring.at(before);
    if (frame.epoch !== epoch) return -1;
    if (frame.kind === 'random-access') return before;
  }
  return -1;
}

function payloads(frames: readonly StreamFrame[]): Uint8Array[] {
  return frames.map((frame) => frame.payload);
}

function nameOf(frame: StreamFrame | undefined): string {
  return `${frame?.epoch}.${frame?.sequence}`;
}
