import { createFramer } from '@weir/framers';
import type { Framer } from '@weir/framers';
import { findFormat } from '@weir/media';
import type { FormatName, Frame } from '@weir/media';
import { framelessBytesMax } from './limits.ts';
import { OggSequences } from './ogg-sequences.ts';
import { Stamps } from './stamps.ts';
import { TsCounters } from './ts-counters.ts';

/** What a check needs of its surroundings. */
export interface CheckSurroundings {
  /** The system's monotonic clock. */
  readonly nowNanos: () => bigint;
  /** Takes the delay of each stamp that is found. */
  readonly onDelay: (millis: number) => void;
}

/**
 * Looks into what one listener gets, and counts the places where something is missing or does not belong: bytes between
 * frames, and jumps of the counters that a container has. What comes before the first frame is no fault: other
 * servers start a listener anywhere.
 */
export class ContinuityCheck {
  readonly format: FormatName;
  readonly #framer: Framer;
  readonly #around: CheckSurroundings;
  readonly #counters: { read(payload: Uint8Array): number } | null;
  readonly #stamps: Stamps | null;
  #bytes = 0;
  #frames = 0;
  /** Of the framer's faults: those before the first frame; those that `#gaps` knows of. */
  #skippedBefore = 0;
  #skippedCounted = 0;
  #gaps = 0;

  private constructor(format: FormatName, around: CheckSurroundings) {
    this.format = format;
    this.#framer = createFramer(format);
    this.#around = around;
    this.#counters = format === 'mpegts' ? new TsCounters() : format === 'ogg' ? new OggSequences() : null;
    this.#stamps = format === 'mpegts' ? new Stamps() : null;
  }

  /** Null for a type that weir does not know, and for plain bytes: there is nothing to look for. */
  static of(contentType: string | null, around: CheckSurroundings): ContinuityCheck | null {
    const format = findFormat(contentType ?? '')?.name ?? 'raw';
    return format === 'raw' ? null : new ContinuityCheck(format, around);
  }

  /** Bytes after the first frame that belong to none. */
  get skippedBytes(): number {
    return this.#frames === 0 ? 0 : this.#framer.faults.skippedBytes - this.#skippedBefore;
  }

  /** Places where something is missing or does not belong. */
  get gaps(): number {
    // Of these two the framer's own count has those that a listener's join makes.
    const jumps = this.#counters === null ? this.#framer.faults.gaps : 0;
    return this.#gaps + jumps + (this.skippedBytes > this.#skippedCounted ? 1 : 0);
  }

  /** Much has come, and nothing of the format that was promised. */
  get isUnreadable(): boolean {
    return this.#frames === 0 && this.#bytes > framelessBytesMax;
  }

  /** @param bytes to be written no more, as framers keep parts of them. */
  push(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    this.#framer.push(bytes, this.#take);
  }

  readonly #take = (frame: Frame): void => {
    if (frame.kind === 'init') return;
    if (this.#frames++ === 0) this.#skippedBefore = this.#framer.faults.skippedBytes;
    const { skippedBytes } = this;
    if (skippedBytes > this.#skippedCounted) {
      this.#skippedCounted = skippedBytes;
      this.#gaps++;
    }
    if (this.#counters !== null) this.#gaps += this.#counters.read(frame.payload);
    if (this.#stamps !== null) this.#gaps += this.#stamps.read(frame.payload, this.#around.nowNanos(), this.#around.onDelay);
  };
}
