/** Turns a counter that wraps (33-bit MPEG time stamps, 32-bit FLV time stamps) into one that does not. */
export class Unwrapper {
  readonly #modulus: number;
  #last: number | null = null;
  #offset = 0;

  /** @param bits width of the counter, at most 52: a JavaScript number holds it exactly. */
  constructor(bits: number) {
    this.#modulus = 2 ** bits;
  }

  /** The value nearest to the one before it; differences of up to half the counter's range, either way, are told apart. */
  unwrap(value: number): number {
    if (this.#last === null) {
      this.#last = value;
      return value;
    }
    const half = this.#modulus / 2;
    const step = value - this.#last;
    if (step < -half) this.#offset += this.#modulus;
    else if (step > half) this.#offset -= this.#modulus;
    this.#last = value;
    return value + this.#offset;
  }
}

/** MPEG's 90 kHz clock in microseconds. */
export function microsOf90k(ticks: number): number {
  return (ticks * 100) / 9;
}
