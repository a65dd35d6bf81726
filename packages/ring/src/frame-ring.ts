import type { StreamFrame, StreamInit, StreamTitle } from '@weir/media';
import { ringBytesMax, ringFramesMax } from './limits.ts';

export interface RingLimits {
  /** Frames older than this, by the ingest's clock, go, but never those from the newest random access frame on. */
  readonly historyMillis: number;
  readonly bytesMax?: number;
  readonly framesMax?: number;
}

/**
 * The bounded history of one stream, shared by all its readers.
 *
 * Frames are numbered by an index that only grows; a reader is such a number (see `Cursor`).
 *
 *      empty            filled                          after eviction, a reader left behind
 *      tail = head      tail        newest    head      cursor      tail      newest    head
 *                        |     random access   |          |          |           |        |
 *      [            ]   [I R d d R d d R d d   ]          .  .  .   [R d d R d d R d      ]
 *
 * I init, R random access, d delta. Init frames keep their place so that a reader of every frame sees the change; what is
 * in force at an index is {@link initAt}.
 */
export class FrameRing {
  readonly #historyMillis: number;
  readonly #bytesMax: number;
  readonly #framesMax: number;
  #slots: (StreamFrame | undefined)[] = Array.from({ length: 64 });
  #inits: (StreamInit | null)[] = Array.from({ length: 64 }, () => null);
  #mask = 63;
  #tail = 0;
  #head = 0;
  #bytes = 0;
  #newestRandomAccess = -1;
  #init: StreamInit | null = null;
  #title: StreamTitle | null = null;

  constructor(limits: RingLimits) {
    this.#historyMillis = limits.historyMillis;
    this.#bytesMax = limits.bytesMax ?? ringBytesMax;
    this.#framesMax = limits.framesMax ?? ringFramesMax;
  }

  /** Index of the oldest frame held; equals {@link head} when empty. */
  get tail(): number {
    return this.#tail;
  }

  /** Index the next frame will have. */
  get head(): number {
    return this.#head;
  }

  /** Payload bytes held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Index of the newest random access frame held, or -1. */
  get newestRandomAccess(): number {
    return this.#newestRandomAccess >= this.#tail ? this.#newestRandomAccess : -1;
  }

  /** The init in force now; null before the first. */
  get init(): StreamInit | null {
    return this.#init;
  }

  /** What is on now; null when the epoch has told nothing. */
  get title(): StreamTitle | null {
    return this.#title;
  }

  /** The newest frame; undefined when empty. */
  get newest(): StreamFrame | undefined {
    return this.#head === this.#tail ? undefined : this.at(this.#head - 1);
  }

  /** @throws RangeError when the index is not between tail and head: the caller lost its place and must check first. */
  at(index: number): StreamFrame {
    const frame = index >= this.#tail && index < this.#head ? this.#slots[index & this.#mask] : undefined;
    if (frame === undefined) throw new RangeError(`frame ${index} is not in the ring (${this.#tail} to ${this.#head - 1})`);
    return frame;
  }

  /** The init that the frame at `index` needs; null when the stream has shown none yet. */
  initAt(index: number): StreamInit | null {
    return index >= this.#tail && index < this.#head ? (this.#inits[index & this.#mask] ?? null) : this.#init;
  }

  push(frame: StreamFrame): void {
    if (this.#head - this.#tail > this.#mask) this.#grow();
    if (frame.epoch !== this.#title?.epoch) this.#title = null;
    if (frame.kind === 'init') this.#init = frame;
    else if (frame.kind === 'title') this.#title = frame;
    else if (frame.kind === 'random-access') this.#newestRandomAccess = this.#head;
    this.#slots[this.#head & this.#mask] = frame;
    this.#inits[this.#head & this.#mask] = this.#init;
    this.#head++;
    this.#bytes += frame.payload.length;
    this.#evict(frame.capturedMillis);
  }

  /** Forgets everything, the init too: nobody who comes later gets what is over. Indices go on. */
  clear(): void {
    while (this.#tail < this.#head) this.#dropOldest();
    this.#newestRandomAccess = -1;
    this.#init = null;
    this.#title = null;
  }

  /** Milliseconds of media between the frame at `index` and the newest, by the ingest's clock. */
  lagMillis(index: number): number {
    if (index >= this.#head) return 0;
    return Math.abs(this.at(this.#head - 1).capturedMillis - this.at(Math.max(index, this.#tail)).capturedMillis);
  }

  #evict(nowMillis: number): void {
    const kept = this.newestRandomAccess >= 0 ? this.#newestRandomAccess : this.#head - 1;
    while (this.#head - this.#tail > 1) {
      const oldest = this.at(this.#tail);
      const full = this.#bytes > this.#bytesMax || this.#head - this.#tail > this.#framesMax;
      const old = Math.abs(nowMillis - oldest.capturedMillis) > this.#historyMillis;
      if (!full && !(old && this.#tail < kept)) return;
      this.#dropOldest();
    }
  }

  #dropOldest(): void {
    const slot = this.#tail & this.#mask;
    this.#bytes -= this.#slots[slot]?.payload.length ?? 0;
    this.#slots[slot] = undefined;
    this.#inits[slot] = null;
    this.#tail++;
  }

  #grow(): void {
    const capacity = (this.#mask + 1) * 2;
    const slots: (StreamFrame | undefined)[] = Array.from({ length: capacity });
    const inits: (StreamInit | null)[] = Array.from({ length: capacity }, () => null);
    for (let index = this.#tail; index < this.#head; index++) {
      slots[index & (capacity - 1)] = this.#slots[index & this.#mask];
      inits[index & (capacity - 1)] = this.#inits[index & this.#mask] ?? null;
    }
    this.#slots = slots;
    this.#inits = inits;
    this.#mask = capacity - 1;
  }
}
