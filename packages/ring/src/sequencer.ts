import type { Position, StreamFrame } from '@weir/media';
import { comparePositions } from '@weir/media';
import { pendingBytesMax, pendingFramesMax } from './limits.ts';

/**
 * Brings a snapshot and the live frames of one stream into one order, each frame exactly once.
 *
 * - `asking`: a snapshot is on its way; live frames wait
 * - `following`: the next live frame is the one expected, or it shows a gap and a snapshot is asked for
 *
 * A gap that no snapshot mends leaves `discontinuity` on the frame after it. Frames of an earlier epoch are ignored: their
 * owner has been deposed. The first frame of a later epoch needs no snapshot.
 */
export class Sequencer {
  readonly #emit: (frame: StreamFrame) => void;
  readonly #ask: (after: Position | null) => void;
  #state: 'asking' | 'following' = 'asking';
  #last: Position | null = null;
  #pending: StreamFrame[] = [];
  #pendingBytes = 0;
  /** Gaps that were mended, and those that listeners had to skip. */
  mendedGaps = 0;
  lostGaps = 0;

  /**
   * @param emit takes the frames in order
   * @param ask must lead to {@link snapshot} or {@link snapshotFailed}, later; `after` is the last frame there is, null for none
   */
  constructor(emit: (frame: StreamFrame) => void, ask: (after: Position | null) => void) {
    this.#emit = emit;
    this.#ask = ask;
  }

  get state(): 'asking' | 'following' {
    return this.#state;
  }

  /** The last frame emitted; null before the first. */
  get last(): Position | null {
    return this.#last;
  }

  /** Asks for the first snapshot, or anew after the connection was lost. */
  start(): void {
    this.#state = 'asking';
    this.#ask(this.#last);
  }

  /** A frame of the live subscription. */
  live(frame: StreamFrame): void {
    if (this.#last !== null && comparePositions(frame, this.#last) <= 0) return;
    if (this.#isNext(frame)) {
      if (frame.sequence === 0) this.#dropPending();
      this.#deliver(frame);
      if (this.#state === 'asking' && this.#pending.length === 0) this.#state = 'following';
      return;
    }
    this.#hold(frame);
    if (this.#state === 'following') this.start();
  }

  /** The owner's answer, in order; empty when the source has nothing yet. */
  snapshot(frames: readonly StreamFrame[]): void {
    const mending = this.#pending.length > 0 && this.#last !== null;
    const lost = this.lostGaps;
    // Its init and title stand before its first random access frame, with lower sequences: only after that is a jump a gap.
    let gapless = this.#last === null;
    for (const frame of frames) {
      if (this.#last !== null && comparePositions(frame, this.#last) <= 0) continue;
      const isContext = frame.kind === 'init' || frame.kind === 'title';
      if (gapless || isContext || this.#isNext(frame)) this.#deliver(frame);
      else this.#deliverAfterGap(frame);
      if (!isContext) gapless = true;
    }
    this.#release();
    if (mending && this.lostGaps === lost) this.mendedGaps++;
  }

  /** Nobody answered: what has been waiting goes on after a gap, if there was anything before it. */
  snapshotFailed(): void {
    if (this.#last === null) {
      this.#dropPending();
      return;
    }
    this.#release();
  }

  #release(): void {
    const pending = this.#pending;
    this.#dropPending();
    this.#state = 'following';
    for (const frame of pending) {
      if (this.#last !== null && comparePositions(frame, this.#last) <= 0) continue;
      if (this.#last === null && frame.sequence > 0) continue;
      if (this.#isNext(frame)) this.#deliver(frame);
      else this.#deliverAfterGap(frame);
    }
  }

  #isNext(frame: StreamFrame): boolean {
    if (this.#last === null || frame.epoch > this.#last.epoch) return frame.sequence === 0;
    return frame.epoch === this.#last.epoch && frame.sequence === this.#last.sequence + 1;
  }

  #deliver(frame: StreamFrame): void {
    this.#last = { epoch: frame.epoch, sequence: frame.sequence };
    this.#emit(frame);
  }

  #deliverAfterGap(frame: StreamFrame): void {
    this.lostGaps++;
    this.#deliver({ ...frame, discontinuity: true });
  }

  #hold(frame: StreamFrame): void {
    this.#pending.push(frame);
    this.#pendingBytes += frame.payload.length;
    while (this.#pendingBytes > pendingBytesMax || this.#pending.length > pendingFramesMax) this.#pendingBytes -= this.#pending.shift()?.payload.length ?? 0;
  }

  #dropPending(): void {
    this.#pending = [];
    this.#pendingBytes = 0;
  }
}
