/** Share of the usual time between two bursts within which what comes belongs to the burst before. */
const burstShare = 0.25;
/** How much one more burst weighs. */
const weight = 1 / 8;
/** How fast too long a time is forgotten while everything seems to belong to one burst. */
const decay = 1 / 64;
/** A longer silence, as a multiple of the usual time, is told no more of than this. */
const pauseMax = 8;

/** How often something comes, the parts of one burst counted as one. */
export class Rhythm {
  #lastMillis: number | null = null;
  #intervalMillis: number | null = null;

  /** Milliseconds from one burst to the next; null before the second. */
  get intervalMillis(): number | null {
    return this.#intervalMillis;
  }

  came(nowMillis: number): void {
    const [last, usual] = [this.#lastMillis, this.#intervalMillis];
    if (last !== null && usual !== null && nowMillis - last < usual * burstShare) {
      this.#intervalMillis = usual * (1 - decay);
      return;
    }
    this.#lastMillis = nowMillis;
    if (last === null) return;
    this.#intervalMillis = usual === null ? nowMillis - last : usual + (Math.min(nowMillis - last, usual * pauseMax) - usual) * weight;
  }
}
