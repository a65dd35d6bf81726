/**
 * How much of something goes by per second, over the last seconds. A fixed number of cells, one per second, however much
 * is counted; the time is the caller's.
 *
 * ```
 * cells   | 7 | 8 | 9 | 3 | 4 | 5 | 6 |   second % cells
 *                       ^ oldest      ^ now; filling: counts with the part of a second it has had
 * ```
 */
export class RateMeter {
  readonly #cells: Float64Array;
  #firstMillis: number | null = null;
  #second = 0;
  #total = 0;

  /** @param windowSeconds whole seconds, at least 1. */
  constructor(windowSeconds: number = 10) {
    this.#cells = new Float64Array(windowSeconds + 1);
  }

  /** Everything ever counted. */
  get total(): number {
    return this.#total;
  }

  /** @param nowMillis monotonic; a time before the latest one counts as the latest. */
  add(amount: number, nowMillis: number): void {
    this.#advance(nowMillis);
    this.#total += amount;
    const cell = this.#second % this.#cells.length;
    this.#cells[cell] = (this.#cells[cell] ?? 0) + amount;
  }

  /** The mean over the window, or since the first count where that is shorter, but over one second at least. */
  perSecond(nowMillis: number): number {
    if (this.#firstMillis === null) return 0;
    this.#advance(nowMillis);
    const sum = this.#cells.reduce((amount, cell) => amount + cell, 0);
    const windowMillis = (this.#cells.length - 1) * 1000 + Math.max(0, nowMillis - this.#second * 1000);
    return (sum * 1000) / Math.max(1000, Math.min(windowMillis, nowMillis - this.#firstMillis));
  }

  #advance(nowMillis: number): void {
    const second = Math.floor(nowMillis / 1000);
    if (this.#firstMillis === null) {
      this.#firstMillis = nowMillis;
      this.#second = second;
      return;
    }
    const steps = Math.min(second - this.#second, this.#cells.length);
    for (let step = 1; step <= steps; step++) this.#cells[(second - steps + step) % this.#cells.length] = 0;
    this.#second = Math.max(this.#second, second);
  }
}
