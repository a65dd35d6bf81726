import type { InitFrame, StreamMedia } from '@weir/media';
import type { FrameRing } from './frame-ring.ts';
import { spliceInit } from './splice.ts';
import { tsDiscontinuity } from './ts-discontinuity.ts';

/** What a reader demands of its first bytes. */
export interface Start {
  /** The init comes first. */
  readonly header: boolean;
  /** Nothing is sent before a random access frame. */
  readonly intra: boolean;
}

/**
 * One reader's place in a ring.
 *
 * - `joining`: waits for a random access frame, then sends what {@link spliceInit} says, and in a transport stream that something
 *   is missing ({@link tsDiscontinuity}), and goes on `following`
 * - `following`: sends every frame; a lost frame or a new epoch makes it `joining` again
 * - `ended`: it has read everything, and the source has ended or goes on in a way this reader cannot follow: close it cleanly
 */
export class Cursor {
  /** The next frame to be read. */
  index: number;
  state: 'joining' | 'following' | 'ended' = 'joining';
  /** The epoch of the last frame read. */
  epoch = -1;
  /** The init whose frames the reader has been given; null before the first. */
  init: InitFrame | null = null;
  /** How often frames were left out for this reader, and how many: falling behind, losses and new epochs. */
  skips = 0;
  skippedFrames = 0;
  readonly start: Start;

  constructor(index: number, start: Start = { header: true, intra: true }) {
    this.index = index;
    this.start = start;
  }

  /** Takes over the place another cursor has reached from the same place. */
  follow(other: Cursor): void {
    this.index = other.index;
    this.state = other.state;
    this.epoch = other.epoch;
    this.init = other.init;
  }

  /** Leaves out what lies between here and the newest random access frame, or the next one to come. */
  skipToNewest(ring: FrameRing): void {
    const target = ring.newestRandomAccess > this.index ? ring.newestRandomAccess : ring.head;
    this.skips++;
    this.skippedFrames += target - this.index;
    this.index = target;
    this.state = 'joining';
  }
}

/**
 * Reads on from the cursor: adds payloads to `parts` (views shared with the ring) until about `bytesMax` bytes or the head,
 * and moves the cursor past them. Returns the bytes added. A cursor whose frames are gone is moved to the newest first.
 */
export function readAhead(ring: FrameRing, cursor: Cursor, bytesMax: number, parts: Uint8Array[]): number {
  if (cursor.index < ring.tail) cursor.skipToNewest(ring);
  let bytes = 0;
  while (cursor.index < ring.head && bytes < bytesMax && cursor.state !== 'ended') {
    const frame = ring.at(cursor.index);
    if (cursor.state === 'following' && frame.kind !== 'end' && (frame.epoch !== cursor.epoch || frame.discontinuity)) {
      cursor.state = 'joining';
      cursor.skips++;
    }
    if (frame.kind === 'end') {
      cursor.state = 'ended';
      break;
    }
    if (frame.kind === 'init') {
      if (cursor.state === 'following') cursor.init = frame;
    } else if (frame.kind === 'title') {
      // Told beside the media: FrameRing.title.
    } else if (cursor.state === 'following') {
      parts.push(frame.payload);
      bytes += frame.payload.length;
    } else {
      const joined = join(ring, cursor, frame, parts);
      if (joined === null) {
        cursor.state = 'ended';
        break;
      }
      bytes += joined;
    }
    cursor.index++;
  }
  return bytes;
}

/** Starts, or starts again, at `frame` if it may; returns the bytes added, null when this reader cannot go on. */
function join(ring: FrameRing, cursor: Cursor, frame: StreamMedia, parts: Uint8Array[]): number | null {
  const init = ring.initAt(cursor.index);
  const first = cursor.init === null;
  const waits = frame.kind !== 'random-access' && !(first && !cursor.start.intra);
  if (init === null || waits) {
    if (!first) cursor.skippedFrames++;
    return 0;
  }
  const splice = spliceInit(cursor.init, init);
  if (splice === null) return null;
  cursor.init = init;
  cursor.epoch = frame.epoch;
  cursor.state = 'following';
  let bytes = frame.payload.length;
  const add = (part: Uint8Array): void => {
    bytes += part.length;
    if (part.length > 0) parts.push(part);
  };
  if (!first || cursor.start.header) add(splice);
  if (!first && init.format === 'mpegts') add(tsDiscontinuity(ring, cursor.index, init));
  parts.push(frame.payload);
  return bytes;
}
