/** Media time of audio frames that carry none: their samples, counted. */
export class SampleClock {
  #originMicros = 0;
  #samples = 0;
  #rate = 1;

  /** Counts a frame of `samples` samples per channel at `rate` hertz; returns the time at which it begins, in microseconds. */
  count(samples: number, rate: number): number {
    if (rate !== this.#rate) {
      this.#originMicros = this.#nowMicros();
      this.#samples = 0;
      this.#rate = rate;
    }
    const beginMicros = this.#nowMicros();
    this.#samples += samples;
    return beginMicros;
  }

  /** From the number of samples, not by adding durations: no rounding error grows with the length of a stream. */
  #nowMicros(): number {
    return this.#originMicros + Math.round((this.#samples * 1_000_000) / this.#rate);
  }
}
