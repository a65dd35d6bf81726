/** Milliseconds' worth of bytes that a reader may catch up on: timers are late, and streams come in bursts. */
const creditMillis = 100;

/** Holds a reader to a number of bytes a second: after each read it pauses for as long as the bytes are worth. */
export class ReadPace {
  /** Infinity: no pause. */
  bytesPerSecond: number;
  #readyMillis = Number.NEGATIVE_INFINITY;

  constructor(bytesPerSecond: number) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Counts a read; of the time in which nothing came only the last is saved up. */
  took(bytes: number, nowMillis: number): void {
    this.#readyMillis = Math.max(this.#readyMillis, nowMillis - creditMillis) + (bytes * 1000) / this.bytesPerSecond;
  }

  /** True when the next read may come. */
  isReady(nowMillis: number): boolean {
    return nowMillis >= this.#readyMillis;
  }
}
