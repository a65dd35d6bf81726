import type { Emit, Faults } from './framer.ts';
import { Window } from './window.ts';

/**
 * What begins at a place in a stream: a unit of so many bytes; perhaps a unit, but the bytes at hand do not tell its
 * size (`short`); certainly none (`invalid`).
 */
export type Step = number | 'short' | 'invalid';

/** A format made of units that each begin with a mark and tell, or show, where they end: MPEG audio frames, Ogg pages. */
export interface Syntax {
  /**
   * The unit that begins at `at`; bytes from `end` on are not there yet. `examined` is how many bytes of this unit the
   * call before answered `short` for, 0 when it is looked at for the first time.
   */
  unit(bytes: Uint8Array, at: number, end: number, examined: number): Step;
  /** The header fields that units of one stream have in common, as one number. */
  likeness(bytes: Uint8Array, at: number): number;
  /**
   * Out of sync: whether a unit of this size is worth waiting for, by its header alone; `skippedBytes` is how many were
   * skipped since the last unit. True where units are small.
   */
  plausible(bytes: Uint8Array, at: number, size: number, skippedBytes: number): boolean;
  /** Whether the checksum of a complete unit is right; true where the format has none. */
  intact(bytes: Uint8Array, at: number, size: number): boolean;
  /** What may stand between units without being one, such as an ID3 tag. It is skipped, and does not lose the sync. */
  tag(bytes: Uint8Array, at: number, end: number): Step;
  /** Units alike that must follow a first one before it is believed; 0 where a checksum proves each unit. */
  readonly confirmations: number;
  /** Bytes to fetch at a time while a unit's size cannot be told: its header's, where the header tells. */
  readonly stepBytes: number;
}

/** Receives a unit: `size` bytes of `bytes` at `at`. What it keeps it keeps as a subarray: `bytes` is not written again. */
export type TakeUnit = (bytes: Uint8Array, at: number, size: number, emit: Emit) => void;

/**
 * Finds the units of a stream that may begin anywhere, and finds them again after damage.
 *
 * In sync, a unit leaves as soon as its last byte is there: only its own header must be like the one before. Out of
 * sync, a unit is believed when as many units alike follow it as the syntax asks for; a tag, or the end of the stream,
 * stands for those that are missing. A unit that is not like the one before is out of sync, without a byte lost: a
 * stream may change its sample rate, and a header made of damaged bytes may not.
 */
export class Resync {
  readonly faults: { -readonly [K in keyof Faults]: Faults[K] } = { skippedBytes: 0, gaps: 0 };
  readonly #syntax: Syntax;
  readonly #take: TakeUnit;
  #window = new Window();
  /** The chunk pushed last, or the end of it that the window shows. */
  #chunk: Uint8Array = new Uint8Array(0);
  #synced = false;
  #likeness = 0;
  /** `faults.skippedBytes` when the sync was lost. */
  #skippedInSync = 0;
  /** Bytes of the unit at the window's start that were looked at in vain. */
  #examined = 0;
  /** Bytes of a tag still to be skipped. */
  #tagBytesLeft = 0;
  #ended = false;

  constructor(syntax: Syntax, take: TakeUnit) {
    this.#syntax = syntax;
    this.#take = take;
  }

  /** Takes the units that the stream has up to now. */
  push(chunk: Uint8Array, emit: Emit): void {
    this.#window.push(chunk);
    this.#chunk = chunk;
    this.#run(emit);
  }

  /** Takes what the end of the stream proves; returns the bytes left over. */
  end(emit: Emit): number {
    this.#ended = true;
    this.#run(emit);
    // What looks like a unit that the end cut short may hide one that is whole.
    let doubtfulBytes = 0;
    while (!this.#synced && this.#window.length > 0) {
      this.#window.skip(1);
      doubtfulBytes++;
      this.#examined = 0;
      if (typeof this.#candidate() !== 'number') continue;
      this.faults.skippedBytes += doubtfulBytes;
      doubtfulBytes = 0;
      this.#run(emit);
    }
    return this.#window.length + doubtfulBytes;
  }

  #run(emit: Emit): void {
    for (;;) {
      if (this.#window.bytes !== this.#chunk && this.#window.length <= this.#chunk.length) this.#returnToChunk();
      const window = this.#window;
      if (this.#tagBytesLeft > 0 && !this.#skipTag()) return;
      const step = this.#synced ? this.#next() : this.#candidate();
      if (step === 'short') return;
      this.#examined = 0;
      if (step !== 'invalid') {
        this.#take(window.bytes, window.at, step, emit);
        window.skip(step);
        this.#synced = true;
        continue;
      }
      const tag = this.#tagAt(0);
      if (tag === 'short') return;
      if (tag !== 'invalid') {
        this.#tagBytesLeft = tag;
      } else if (this.#synced) {
        this.#synced = false;
        this.#skippedInSync = this.faults.skippedBytes;
      } else {
        this.#skipGarbage();
      }
    }
  }

  /** Skips the byte at the window's start and those after it at which nothing can begin. */
  #skipGarbage(): void {
    const { bytes, at, end } = this.#window;
    let next = at + 1;
    while (next < end && this.#syntax.unit(bytes, next, end, 0) === 'invalid' && this.#syntax.tag(bytes, next, end) === 'invalid') next++;
    this.#window.skip(next - at);
    this.faults.skippedBytes += next - at;
  }

  /** In sync: the unit at the window's start, when it is complete and like the one before. */
  #next(): Step {
    const window = this.#window;
    const step = this.#unitAt(0);
    if (typeof step !== 'number') return step;
    if (this.#syntax.likeness(window.bytes, window.at) !== this.#likeness) return 'invalid';
    if (!window.has(step)) return 'short';
    return this.#syntax.intact(window.bytes, window.at, step) ? step : 'invalid';
  }

  /** Out of sync: the unit at the window's start, when it is complete and those after it confirm it. */
  #candidate(): Step {
    const window = this.#window;
    const first = this.#unitAt(0);
    if (typeof first !== 'number') return first;
    if (!this.#syntax.plausible(window.bytes, window.at, first, this.faults.skippedBytes - this.#skippedInSync)) return 'invalid';
    const likeness = this.#syntax.likeness(window.bytes, window.at);
    let distance = first;
    for (let confirmed = 0; confirmed < this.#syntax.confirmations; confirmed++) {
      const step = this.#unitAt(distance);
      if (step === 'short' && this.#ended) break;
      if (step === 'short') return 'short';
      if (step === 'invalid') {
        const tag = this.#tagAt(distance);
        if (typeof tag === 'number') break;
        return tag;
      }
      if (this.#syntax.likeness(window.bytes, window.at + distance) !== likeness) return 'invalid';
      distance += step;
    }
    if (!window.has(first)) return 'short';
    if (!this.#syntax.intact(window.bytes, window.at, first)) return 'invalid';
    this.#likeness = likeness;
    return first;
  }

  #unitAt(distance: number): Step {
    const window = this.#window;
    for (;;) {
      const at = window.at + distance;
      const examined = distance === 0 ? this.#examined : 0;
      const step = at < window.end ? this.#syntax.unit(window.bytes, at, window.end, examined) : 'short';
      if (step !== 'short') return step;
      if (distance === 0) this.#examined = window.end - window.at;
      if (!this.#fetch(distance)) return 'short';
    }
  }

  #tagAt(distance: number): Step {
    const window = this.#window;
    for (;;) {
      const step = this.#syntax.tag(window.bytes, window.at + distance, window.end);
      if (step !== 'short' || !this.#fetch(distance)) return step;
    }
  }

  /** Makes bytes beyond `distance`, and beyond those at hand, contiguous; false when none have arrived. */
  #fetch(distance: number): boolean {
    const window = this.#window;
    const held = window.end - window.at;
    window.has(Math.max(held, distance) + this.#syntax.stepBytes);
    return window.end - window.at > held;
  }

  /** All unread bytes lie in the last chunk: reads them there, where units need no copy, and not in the window's. */
  #returnToChunk(): void {
    this.#chunk = this.#chunk.subarray(this.#chunk.length - this.#window.length);
    this.#window = new Window();
    this.#window.push(this.#chunk);
  }

  /** Skips what has arrived of a tag; false when more of it has yet to arrive. */
  #skipTag(): boolean {
    const window = this.#window;
    while (this.#tagBytesLeft > 0) {
      const count = Math.min(this.#tagBytesLeft, window.end - window.at);
      if (count === 0) return false;
      window.skip(count);
      this.#tagBytesLeft -= count;
      this.faults.skippedBytes += count;
    }
    return true;
  }
}
