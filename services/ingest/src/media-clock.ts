import { mediaJumpMicrosMax, pictureReorderMicrosMax } from './limits.ts';

/**
 * How a source's media time goes on, against the clock. Time that jumps, because a file starts over or a counter was set, counts
 * as going on from there; the small steps back of reordered pictures count as nothing.
 */
export class MediaClock {
  #startMillis: number | null = null;
  #newestMicros = 0;
  #playedMicros = 0;
  #movedMillis = 0;

  /** @param nowMillis monotonic */
  tell(timeMicros: number, nowMillis: number): void {
    if (this.#startMillis === null) {
      this.#startMillis = nowMillis;
      this.#newestMicros = timeMicros;
      this.#movedMillis = nowMillis;
      return;
    }
    const step = timeMicros - this.#newestMicros;
    if (step <= 0 && step > -pictureReorderMicrosMax) return;
    if (step > 0 && step <= mediaJumpMicrosMax) this.#playedMicros += step;
    this.#newestMicros = timeMicros;
    this.#movedMillis = nowMillis;
  }

  /** The newest media time; null when none was told. */
  get newestMicros(): number | null {
    return this.#startMillis === null ? null : this.#newestMicros;
  }

  /** How far the media told so far is ahead of the clock; negative when behind. */
  leadMillis(nowMillis: number): number {
    return this.#startMillis === null ? 0 : this.#playedMicros / 1000 - (nowMillis - this.#startMillis);
  }

  /** How long media time has stood still; 0 where there is none. */
  stillMillis(nowMillis: number): number {
    return this.#startMillis === null ? 0 : nowMillis - this.#movedMillis;
  }
}
