import { busyAfterMillis, calmAfterMillis, calmShare } from './limits.ts';

/**
 * Tells whether a load is too much, without changing its mind at every breath: it has to stay at the bound for a while, and then
 * well below it for longer.
 */
export class Busyness {
  #busy = false;
  /** Since when the load says the opposite, monotonic; null while it agrees. */
  #otherwiseSince: number | null = null;

  get busy(): boolean {
    return this.#busy;
  }

  /**
   * @param load what is used, as a share of what there is
   * @param busyAt the bound; null: nothing is too much
   * @param nowMillis monotonic
   */
  observe(load: number, busyAt: number | null, nowMillis: number): void {
    if (busyAt === null) {
      this.#busy = false;
      this.#otherwiseSince = null;
      return;
    }
    const otherwise = this.#busy ? load < busyAt * calmShare : load >= busyAt;
    if (!otherwise) {
      this.#otherwiseSince = null;
      return;
    }
    this.#otherwiseSince ??= nowMillis;
    if (nowMillis - this.#otherwiseSince < (this.#busy ? calmAfterMillis : busyAfterMillis)) return;
    this.#busy = !this.#busy;
    this.#otherwiseSince = null;
  }
}
