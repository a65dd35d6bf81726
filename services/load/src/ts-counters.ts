const packetBytes = 188;
const pidCount = 8192;

/** What is known of a PID. From 0 to 15: its last counter. */
const notMedia = -1;
const noCounter = -2;

/**
 * Finds jumps of the continuity counters (ISO/IEC 13818-1 §2.4.3.3) of the PIDs that carry PES packets. Tables are left
 * out: a server puts them in once more in front of a listener who joins, with counters of their own.
 */
export class TsCounters {
  readonly #counters = new Int8Array(pidCount).fill(notMedia);

  /**
   * @param packets whole packets, the first at the start
   * @returns how many jumps they show
   */
  read(packets: Uint8Array): number {
    let jumps = 0;
    for (let at = 0; at + packetBytes <= packets.length; at += packetBytes) {
      if (this.#jumps(packets, at)) jumps++;
    }
    return jumps;
  }

  #jumps(packets: Uint8Array, at: number): boolean {
    const pid = (((packets[at + 1] as number) & 0x1f) << 8) | (packets[at + 2] as number);
    const control = packets[at + 3] as number;
    const hasPayload = (control & 0x10) !== 0;
    if (this.#counters[pid] === notMedia) {
      if (!hasPayload || !startsPes(packets, at)) return false;
      this.#counters[pid] = noCounter;
    }
    const before = this.#counters[pid] as number;
    const hasAdaptation = (control & 0x20) !== 0 && packets[at + 4] !== 0;
    // discontinuity_indicator: the counter may be anything.
    if (hasAdaptation && (packets[at + 5] as number) >= 0x80) {
      this.#counters[pid] = hasPayload ? control & 0x0f : noCounter;
      return false;
    }
    if (!hasPayload) return false;
    const counter = control & 0x0f;
    this.#counters[pid] = counter;
    // A packet may be sent twice.
    return before !== noCounter && counter !== before && counter !== ((before + 1) & 0x0f);
  }
}

/** payload_unit_start_indicator, and packet_start_code_prefix at the start of the payload (§2.4.3.6). */
function startsPes(packets: Uint8Array, at: number): boolean {
  if (((packets[at + 1] as number) & 0x40) === 0) return false;
  const payload = at + 4 + (((packets[at + 3] as number) & 0x20) === 0 ? 0 : 1 + (packets[at + 4] as number));
  return payload + 3 <= at + packetBytes && packets[payload] === 0 && packets[payload + 1] === 0 && packets[payload + 2] === 1;
}
