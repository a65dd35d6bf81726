// ISO/IEC 13818-1 §2.4.4: program specific information travels in sections, which span packets of one PID.
import { packetBytes } from './packet.ts';

/** Bytes of a PAT or PMT section, at most (ISO/IEC 13818-1 §2.4.4.5, §2.4.4.9). */
const sectionBytesMax = 1024;

/**
 * Puts the sections of one PID together from its packets' payloads, which come in order and without duplicates. Where a packet
 * is missing the CRC of what comes out is wrong.
 */
export class SectionReader {
  readonly #section = new Uint8Array(sectionBytesMax);
  #length = 0;
  /** A section has begun and is not whole yet. */
  #open = false;

  /** Calls `onSection` with each whole section; its bytes are the reader's and are only valid during the call. */
  push(payload: Uint8Array, startsUnit: boolean, onSection: (section: Uint8Array) => void): void {
    if (!startsUnit) {
      this.#read(payload, 0, onSection);
      return;
    }
    const start = 1 + (payload[0] ?? 0); // pointer_field
    this.#read(payload.subarray(0, start), 1, onSection);
    this.#length = 0;
    this.#open = true;
    this.#read(payload, start, onSection);
  }

  #read(payload: Uint8Array, from: number, onSection: (section: Uint8Array) => void): void {
    let at = from;
    while (this.#open && at < payload.length) {
      if (this.#length === 0 && payload[at] === 0xff) this.#open = false; // stuffing up to the end of the packet
      else at = this.#take(payload, at, onSection);
    }
  }

  #take(payload: Uint8Array, from: number, onSection: (section: Uint8Array) => void): number {
    const wanted = this.#length < 3 ? 3 : sectionBytes(this.#section);
    const to = Math.min(from + wanted - this.#length, payload.length);
    this.#section.set(payload.subarray(from, to), this.#length);
    this.#length += to - from;
    if (this.#length < 3) return to;
    const whole = sectionBytes(this.#section);
    if (whole > sectionBytesMax) this.#open = false;
    else if (this.#length === whole) {
      onSection(this.#section.subarray(0, whole));
      this.#length = 0;
    }
    return to;
  }
}

/** The whole length of a section, from its first three bytes. */
function sectionBytes(section: Uint8Array): number {
  return 3 + ((((section[1] as number) & 0x0f) << 8) | (section[2] as number)); // section_length
}

/** A section as packets of `pid`, continuity counters from 0, the last one filled up. */
export function sectionPackets(pid: number, section: Uint8Array): Uint8Array {
  const room = packetBytes - 4;
  const payload = new Uint8Array(1 + section.length); // pointer_field 0
  payload.set(section, 1);
  const count = Math.ceil(payload.length / room);
  const packets = new Uint8Array(count * packetBytes).fill(0xff);
  for (let index = 0; index < count; index++) {
    const start = index === 0 ? 0x40 : 0;
    packets.set([0x47, start | (pid >> 8), pid & 0xff, 0x10 | (index & 0x0f)], index * packetBytes);
    packets.set(payload.subarray(index * room, (index + 1) * room), index * packetBytes + 4);
  }
  return packets;
}
