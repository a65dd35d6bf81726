import { crc32 } from './crc32.ts';
import { packetBytes } from './packet.ts';
import { buildPat } from './psi.ts';

/** What a test may set of a packet; everything else is as in an ordinary one. */
export interface PacketFields {
  readonly start?: boolean;
  readonly randomAccess?: boolean;
  readonly discontinuity?: boolean;
  readonly damaged?: boolean;
  readonly scrambled?: boolean;
  /** Instead of the counter due. */
  readonly counter?: number;
}

/** Writes packets for tests, counting continuity for each PID. */
export class Multiplex {
  readonly #counters = new Map<number, number>();

  /** One packet; its payload, of up to 182 bytes, stands at its end behind an adaptation field. Without a payload it counts nothing. */
  packet(pid: number, payload: readonly number[] | Uint8Array, fields: PacketFields = {}): Uint8Array {
    const before = this.#counters.get(pid) ?? 15;
    const counter = fields.counter ?? (payload.length > 0 ? (before + 1) & 15 : before);
    this.#counters.set(pid, counter);
    const bytes = new Uint8Array(packetBytes).fill(0xff);
    bytes[0] = 0x47;
    bytes[1] = (fields.damaged ? 0x80 : 0) | (fields.start ? 0x40 : 0) | (pid >> 8);
    bytes[2] = pid & 0xff;
    bytes[3] = (fields.scrambled ? 0x80 : 0) | (payload.length > 0 ? 0x30 : 0x20) | counter;
    bytes[4] = packetBytes - 5 - payload.length;
    bytes[5] = (fields.discontinuity ? 0x80 : 0) | (fields.randomAccess ? 0x40 : 0);
    bytes.set(payload, packetBytes - payload.length);
    return bytes;
  }

  /** A unit (PES packet, or section behind its pointer field) in as many packets as it takes; `fields` are of the first. */
  unit(pid: number, unit: readonly number[] | Uint8Array, fields: PacketFields = {}): Uint8Array {
    const packets: Uint8Array[] = [];
    for (let at = 0; at < unit.length; at += 182) {
      packets.push(this.packet(pid, unit.slice(at, at + 182), at === 0 ? { start: true, ...fields } : {}));
    }
    return Buffer.concat(packets);
  }

  /** A section of a program association table. */
  pat(programs: readonly (readonly [number: number, mapPid: number])[], version = 0, sectionNumber = 0): Uint8Array {
    const one = programs.map(([number, mapPid]) => buildPat(1, version, { number, mapPid }));
    const entries = one.flatMap((section) => [...section.subarray(8, 12)]);
    return this.unit(0, [0, ...sealed([...(one[0] ?? []).slice(0, 6), sectionNumber, sectionNumber, ...entries])]);
  }

  /** A program map; `padding` bytes of a private descriptor make it longer. */
  pmt(pid: number, number: number, streams: Streams, version = 0, padding = 0): Uint8Array {
    return this.unit(pid, [0, ...mapSection(number, streams, version, padding)]);
  }
}

/** Types and PIDs of the streams of a program. */
export type Streams = readonly (readonly [type: number, pid: number])[];

/** A program map section; `version` 32 and above is for later. */
export function mapSection(number: number, streams: Streams, version = 0, padding = 0): Uint8Array {
  const info = Array.from({ length: padding }, () => 0xee);
  const loop = streams.flatMap(([type, stream]) => [type, 0xe0 | (stream >> 8), stream & 0xff, 0xf0, 0]);
  const current = version < 32 ? 1 : 0; // current_next_indicator
  const head = [2, 0, 0, number >> 8, number & 0xff, 0xc0 | ((version & 31) << 1) | current, 0, 0, 0xff, 0xff];
  return sealed([...head, 0xf0 | (padding >> 8), padding & 0xff, ...info, ...loop]);
}

/** The section with its length and CRC. */
function sealed(section: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(section.length + 4);
  bytes.set(section);
  const view = new DataView(bytes.buffer);
  view.setUint16(1, 0xb000 | (bytes.length - 3));
  view.setInt32(section.length, crc32(bytes.subarray(0, section.length)));
  return bytes;
}

/** A PES packet with the given presentation time in 90 kHz ticks. */
export function pes(ticks: number | null, elementary: readonly number[]): number[] {
  if (ticks === null) return [0, 0, 1, 0xe0, 0, 0, 0x80, 0, 0, ...elementary];
  const high = Math.floor(ticks / 2 ** 30);
  const middle = Math.floor(ticks / 2 ** 15) % 2 ** 15;
  const low = ticks % 2 ** 15;
  const time = [0x21 | (high << 1), middle >> 7, ((middle << 1) & 0xfe) | 1, low >> 7, ((low << 1) & 0xfe) | 1];
  return [0, 0, 1, 0xe0, 0, 0, 0x80, 0x80, 5, ...time, ...elementary];
}
