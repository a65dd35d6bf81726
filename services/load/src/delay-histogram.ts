import type { Spread } from './percentiles.ts';

/** Each cell's upper bound is this many times its lower one: what is read back is within half a percent. */
const ratio = 1.01;
const millisMin = 0.001;
/** Ten minutes: beyond this two clocks are compared that have nothing to do with each other. */
const millisMax = 600_000;
const cellOf = (millis: number): number => (millis <= millisMin ? 0 : Math.ceil(Math.log(millis / millisMin) / Math.log(ratio)));

/** Any number of delays in a fixed number of cells, whose width grows with the delay. */
export class DelayHistogram {
  readonly #cells = new Uint32Array(cellOf(millisMax) + 1);
  #count = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

  /** Delays below 0 or above ten minutes are ignored. */
  add(millis: number): void {
    if (!(millis >= 0 && millis <= millisMax)) return;
    const cell = cellOf(millis);
    this.#cells[cell] = (this.#cells[cell] as number) + 1;
    this.#count++;
    this.#min = Math.min(this.#min, millis);
    this.#max = Math.max(this.#max, millis);
  }

  /** Null for no delays; `min` and `max` are exact. */
  spread(): Spread | null {
    if (this.#count === 0) return null;
    const at = (share: number): number => this.#percentile(share);
    return { count: this.#count, min: this.#min, p50: at(0.5), p90: at(0.9), p99: at(0.99), max: this.#max };
  }

  #percentile(share: number): number {
    const rank = Math.max(1, Math.ceil(this.#count * share));
    let cell = -1;
    for (let passed = 0; passed < rank; ) passed += this.#cells[++cell] as number;
    return Math.min(this.#max, Math.max(this.#min, millisMin * ratio ** (cell - 0.5)));
  }
}
