const firstMillis = 1000;
const delayMillisDefaultMax = 30_000;
const healthyMillisMin = 60_000;

/**
 * How long to wait before a failed run is started again: not at all the first time, then around 1, 2, 4 ... 30 seconds,
 * without end. Each wait is drawn from the upper half of its step, so that what failed together does not return together.
 */
export class Backoff {
  readonly #random: () => number;
  readonly #delayMillisMax: number;
  #failures = 0;

  /**
   * @param random gives numbers from 0 to below 1, as `Math.random` does
   * @param delayMillisMax in place of the 30 seconds
   */
  constructor(random: () => number, delayMillisMax: number = delayMillisDefaultMax) {
    this.#random = random;
    this.#delayMillisMax = delayMillisMax;
  }

  /** Milliseconds until the next start, after a run that was healthy for that long; a minute of health forgives all. */
  delayMillis(healthyMillis: number): number {
    if (healthyMillis >= healthyMillisMin) this.#failures = 0;
    const failures = this.#failures++;
    if (failures === 0) return 0;
    const stepMillis = Math.min(firstMillis * 2 ** (failures - 1), this.#delayMillisMax);
    return stepMillis * (0.5 + this.#random() / 2);
  }
}
