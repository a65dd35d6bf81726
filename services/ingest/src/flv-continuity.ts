import { shiftFlvTag } from '@weir/framers';
import type { StreamFrame } from '@weir/media';
import { epochGapMicros } from './limits.ts';

/**
 * Moves the times of FLV tags so that each epoch goes on where the one before it ended: its players take a step back in time
 * for a reason to stop. Other formats pass unchanged.
 */
export class FlvContinuity {
  #epoch: number | null = null;
  #isFlv = false;
  /** The newest time that left; null before the first. */
  #newestMicros: number | null = null;
  #shiftMicros: number | null = null;

  /** The frame as it is to leave; frames of one stream, in order. */
  apply<Given extends StreamFrame>(frame: Given): Given {
    if (frame.epoch !== this.#epoch) {
      this.#epoch = frame.epoch;
      this.#shiftMicros = this.#newestMicros === null ? 0 : null;
    }
    if (frame.kind === 'init') this.#isFlv = frame.format === 'flv';
    if ((frame.kind !== 'random-access' && frame.kind !== 'delta') || frame.timeMicros === null) return frame;
    this.#shiftMicros ??= this.#isFlv && this.#newestMicros !== null ? this.#newestMicros + epochGapMicros - frame.timeMicros : 0;
    const timeMicros = frame.timeMicros + this.#shiftMicros;
    if (this.#newestMicros === null || timeMicros > this.#newestMicros) this.#newestMicros = timeMicros;
    return this.#shiftMicros === 0 ? frame : { ...frame, payload: shiftFlvTag(frame.payload, this.#shiftMicros / 1000), timeMicros };
  }
}
