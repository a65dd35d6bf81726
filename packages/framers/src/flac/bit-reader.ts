/** Reads bits, the most significant first, from bytes that are still arriving. */
export class BitReader {
  /** Where the next bit is, counted from the first byte; it may lie beyond the bytes at hand. */
  bit = 0;
  /** A `read` asked for bits that are not there yet. */
  ranOut = false;
  #bytes: Uint8Array = new Uint8Array(0);
  #first = 0;
  #bitsMax = 0;

  /** The bytes at hand: those of before, perhaps in another place, and more behind them. */
  show(bytes: Uint8Array, first: number, end: number): void {
    this.#bytes = bytes;
    this.#first = first;
    this.#bitsMax = (end - first) * 8;
  }

  /** The next `count` bits, 1 to 8, as a number; 0 when they are not there. */
  read(count: number): number {
    const bit = this.bit;
    this.bit += count;
    if (this.bit > this.#bitsMax) {
      this.ranOut = true;
      return 0;
    }
    const bytes = this.#bytes;
    const at = this.#first + (bit >> 3);
    const pair = (bytes[at]! << 8) | (bytes[at + 1] ?? 0);
    return (pair >> (16 - (bit & 7) - count)) & ((1 << count) - 1);
  }

  /**
   * Steps over `count` Rice codes: zeros, a one, `parameter` bits. Returns how many are left when the bytes run out,
   * between two codes or within one; to be called again for them then.
   */
  skipRice(count: number, parameter: number): number {
    const bytes = this.#bytes;
    const first = this.#first;
    const bitsMax = this.#bitsMax;
    let bit = this.bit;
    let left = count;
    while (left > 0 && bit < bitsMax) {
      let rest = (bytes[first + (bit >> 3)]! << (bit & 7)) & 0xff;
      while (rest === 0) {
        bit = (bit | 7) + 1;
        if (bit >= bitsMax) break;
        rest = bytes[first + (bit >> 3)]!;
      }
      if (rest === 0) break;
      bit += Math.clz32(rest) - 23 + parameter;
      left--;
    }
    this.bit = bit;
    return left;
  }
}
