/** What is remembered of a logical stream. */
interface Last {
  sequence: number;
  /** A header page: its granule position is 0 (RFC 3533 §6). */
  wasHeader: boolean;
}

/** Logical streams remembered at once; a chain that goes on for days has many. */
const streamsMax = 64;

/**
 * Finds jumps of the page sequence numbers (RFC 3533 §6) of each logical stream. From its headers to its first media a
 * stream may jump: that is where a listener joins.
 */
export class OggSequences {
  readonly #streams = new Map<number, Last>();

  /**
   * @param page one whole page
   * @returns how many jumps it shows: 0 or 1
   */
  read(page: Uint8Array): number {
    const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
    const serial = view.getUint32(14, true);
    const sequence = view.getUint32(18, true);
    const isHeader = view.getUint32(6, true) === 0 && view.getUint32(10, true) === 0;
    const last = this.#streams.get(serial);
    if (last === undefined) {
      if (this.#streams.size === streamsMax) this.#streams.clear();
      this.#streams.set(serial, { sequence, wasHeader: isHeader });
      return 0;
    }
    const jumps = !last.wasHeader && sequence !== (last.sequence + 1) % 2 ** 32;
    last.sequence = sequence;
    last.wasHeader = isHeader;
    return jumps ? 1 : 0;
  }
}
