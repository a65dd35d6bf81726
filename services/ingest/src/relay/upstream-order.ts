import { relayReturnMillis } from '../limits.ts';

/** Whose turn it is among upstreams in order of preference. Counted from 0; 0 is the one that is wanted. */
export class UpstreamOrder {
  readonly #count: number;
  #current = 0;
  /** When the first was last found to fail. */
  #firstFailedMillis = -Infinity;
  #rested = false;

  /** @param count above 0 */
  constructor(count: number) {
    this.#count = count;
  }

  /** The one for the next run: after a rest the first again, unless it has failed a moment ago. */
  next(nowMillis: number): number {
    if (this.#rested && nowMillis - this.#firstFailedMillis >= relayReturnMillis) this.#current = 0;
    this.#rested = false;
    return this.#current;
  }

  /** The current one has failed. */
  failed(nowMillis: number): void {
    if (this.#current === 0) this.#firstFailedMillis = nowMillis;
    this.#current = (this.#current + 1) % this.#count;
  }

  /** The current one was stopped in good health. */
  rested(): void {
    this.#rested = true;
  }

  /** The first was looked at while another one ran. */
  firstLooked(isBack: boolean, nowMillis: number): void {
    if (isBack) this.#current = 0;
    else this.#firstFailedMillis = nowMillis;
  }
}
