/**
 * Lets frames of one stream wait for those that follow, so that they leave together: fewer, larger writes, for as much delay. With n
 * milliseconds, a frame that comes n after the last ones left takes along all that wait; where none comes, none waits longer than n.
 */
export class Gathering {
  readonly #leave: () => void;
  #leftMillis = -Infinity;
  #timer: NodeJS.Timeout | null = null;

  /** @param leave lets all go that has come */
  constructor(leave: () => void) {
    this.#leave = leave;
  }

  /** @param gatherMillis 0, or what a control of another version does not tell: at once */
  came(gatherMillis: number): void {
    if (gatherMillis > 0) this.#gather(gatherMillis, performance.now());
    else this.#leave();
  }

  /** Whether frames wait. */
  get waits(): boolean {
    return this.#timer !== null;
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #gather(gatherMillis: number, nowMillis: number): void {
    if (nowMillis - this.#leftMillis >= gatherMillis) this.#go(nowMillis);
    else this.#timer ??= setTimeout(() => this.#go(performance.now()), gatherMillis);
  }

  #go(nowMillis: number): void {
    this.close();
    this.#leftMillis = nowMillis;
    this.#leave();
  }
}
