/** Holds a reader to a number of bytes a second: after each read it pauses for as long as the bytes are worth. */
export class ReadPace {
  /** Infinity: no pause. */
  bytesPerSecond: number;
  #readyMillis = 0;

  constructor(bytesPerSecond: number) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Counts a read; time in which nothing came is not saved up. */
  took(bytes: number, nowMillis: number): void {
    this.#readyMillis = Math.max(this.#readyMillis, nowMillis) + (bytes * 1000) / this.bytesPerSecond;
  }

  /** True when the next read may come. */
  isReady(nowMillis: number): boolean {
    return nowMillis >= this.#readyMillis;
  }
}
