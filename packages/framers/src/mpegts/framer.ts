import { Unwrapper, formatOf } from '@weir/media';
import type { Emit, Faults, Framer } from '../framer.ts';
import { frameBytesMax, heldPacketsMax, tablePacketsMax } from '../limits.ts';
import { Continuity } from './continuity.ts';
import { KeyStream } from './key-stream.ts';
import { packetBytes, payloadAt, pidAt, pidCount, reservedPidMax, startsUnit, syncByte } from './packet.ts';
import { findSync } from './sync.ts';
import { type Choice, Tables } from './tables.ts';

/** What packets of a PID are read for. Most are `passing`: counted, and forwarded unread. */
const passing = 0;
const table = 1;
const key = 2;

/** What a user of {@link MpegtsFramer} may choose. */
export interface MpegtsOptions {
  /** program_number to serve; without it, the first program of the PAT that has picture or sound. */
  readonly program?: number;
}

/**
 * Where the framer stands.
 * - `hunting`: looking for sync bytes 188 apart
 * - `waiting`: for the tables that make the init; media is skipped, tables are kept
 * - `flowing`: packets leave as they come
 * - `holding`: for a few packets, until it is known whether the first of them starts a random access
 */
type State = 'hunting' | 'waiting' | 'flowing' | 'holding';

/**
 * MPEG transport streams (ISO/IEC 13818-1, packets of 188 bytes).
 *
 * The packets of a chunk leave as one frame, cut before each packet where a PES packet of the {@link KeyStream} starts
 * that is a random access; only a packet that straddles two chunks is copied. Packets of all programs are forwarded. A
 * frame's time is the presentation time last seen up to its first packet.
 *
 * The init is PAT and PMT of the chosen program. Media before the first of it is skipped; when another PMT comes, with another
 * PAT before it or without, the new init comes before the packet that completes it.
 */
export class MpegtsFramer implements Framer {
  readonly faults: { -readonly [K in keyof Faults]: Faults[K] } = { skippedBytes: 0, gaps: 0 };
  readonly #tables: Tables;
  readonly #continuity = new Continuity();
  readonly #roles = new Uint8Array(pidCount);
  readonly #time = new Unwrapper(33);
  #state: State = 'hunting';
  #choice: Choice | null = null;
  #keyStream: KeyStream | null = null;
  /** The end of the last chunk: part of a packet, or of a search for sync. */
  #rest: Uint8Array = new Uint8Array(0);
  /** Waiting: the tables' packets. Holding: what is held of earlier chunks. */
  #kept: Uint8Array[] = [];
  #heldPackets = 0;
  /** The frame in the making: where it starts in the bytes at hand, its kind, its time. */
  #start = 0;
  #kind: 'random-access' | 'delta' = 'delta';
  #startMicros: number | null = null;
  /** The presentation time last seen. */
  #nowMicros: number | null = null;

  constructor(options: MpegtsOptions = {}) {
    this.#tables = new Tables(options.program ?? null);
    this.#assignRoles();
  }

  push(chunk: Uint8Array, emit: Emit): void {
    let bytes = chunk;
    if (this.#rest.length > 0) {
      const wanted = this.#state === 'hunting' ? chunk.length : packetBytes - this.#rest.length;
      const joined = Buffer.concat([this.#rest, chunk.subarray(0, wanted)]);
      const left = joined.subarray(this.#read(joined, emit, false));
      const unread = chunk.subarray(wanted);
      if (unread.length === 0) {
        this.#rest = left;
        return;
      }
      bytes = left.length === 0 ? unread : Buffer.concat([left, unread]); // the latter when the packet had lost its sync byte
    }
    this.#rest = bytes.subarray(this.#read(bytes, emit, false));
  }

  end(emit: Emit): number {
    const used = this.#state === 'hunting' ? this.#read(this.#rest, emit, true) : 0;
    const left = this.#rest.length - used;
    this.#rest = new Uint8Array(0);
    this.#settle(emit);
    this.#skipKept();
    return left;
  }

  /** Reads whole packets, looking for them first where sync is lost; returns how many bytes are done with. */
  #read(bytes: Uint8Array, emit: Emit, final: boolean): number {
    const last = bytes.length - packetBytes;
    let at = 0;
    this.#begin(0);
    for (;;) {
      if (this.#state === 'hunting') {
        const search = findSync(bytes, at, final);
        this.faults.skippedBytes += search.at - at;
        at = search.at;
        if (!search.found) return at;
        this.#state = this.#choice === null ? 'waiting' : 'flowing';
        this.#begin(at);
      }
      at = this.#readPackets(bytes, at, emit);
      if (at > last) break;
      this.#settle(emit);
      this.#flush(bytes, at, emit);
      this.#state = 'hunting';
    }
    if (this.#state !== 'holding') this.#flush(bytes, at, emit);
    else if (at > this.#start) this.#kept.push(bytes.subarray(this.#start, at));
    return at;
  }

  /** Reads packets up to the last whole one, or the first without a sync byte; returns where it ended. */
  #readPackets(bytes: Uint8Array, from: number, emit: Emit): number {
    const last = bytes.length - packetBytes;
    let at = from;
    while (at <= last && bytes[at] === syncByte) {
      if (this.#state === 'flowing') at = this.#flow(bytes, at, emit);
      else {
        if (this.#state === 'waiting') this.#wait(bytes, at, emit);
        else this.#hold(bytes, at, emit);
        at += packetBytes;
      }
    }
    return at;
  }

  /** {@link #readPackets} as long as the state is `flowing`: most packets cost a look at four bytes. */
  #flow(bytes: Uint8Array, from: number, emit: Emit): number {
    const roles = this.#roles;
    const expected = this.#continuity.expected;
    const last = bytes.length - packetBytes;
    let at = from;
    for (; at <= last && bytes[at] === syncByte; at += packetBytes) {
      const flags = bytes[at + 1] as number;
      const pid = ((flags & 0x1f) << 8) | (bytes[at + 2] as number);
      const counter = (bytes[at + 3] as number) & 0x1f; // and the bit that says that there is a payload
      if (counter === ((expected[pid] as number) | 0x10) && flags < 0x80) {
        expected[pid] = (counter + 1) & 0x0f;
        const role = roles[pid];
        if (role === passing || (role === key && flags < 0x40)) continue;
      } else if (!this.#isNews(bytes, at)) continue;
      this.#visit(bytes, at, emit);
      if (this.#state !== 'flowing') return at + packetBytes;
    }
    return at;
  }

  /** Reads a packet that may bring a change of the tables, or start a PES packet. */
  #visit(bytes: Uint8Array, at: number, emit: Emit): void {
    const role = this.#roles[pidAt(bytes, at)];
    if (role === table) {
      this.#readTable(bytes, at);
      if (this.#tables.choice === this.#choice) return;
      this.#settle(emit);
      this.#flush(bytes, at, emit);
      this.#adopt(emit);
    } else if (role === key && startsUnit(bytes, at) && this.#keyStream !== null) {
      this.#settle(emit);
      this.#nowMicros = this.#keyStream.timeMicrosAt(bytes, at) ?? this.#nowMicros;
      if (at === this.#start) this.#startMicros = this.#nowMicros;
      const answer = this.#keyStream.start(bytes, at);
      if (answer === 'other') return;
      this.#flush(bytes, at, emit);
      if (answer === 'entry') this.#kind = 'random-access';
      else {
        this.#state = 'holding';
        this.#heldPackets = 1;
      }
    }
  }

  /** Reads the packet at `at` while it is open whether the frame in the making is a random access. */
  #hold(bytes: Uint8Array, at: number, emit: Emit): void {
    this.#heldPackets += 1;
    if (this.#isNews(bytes, at)) {
      if (pidAt(bytes, at) !== this.#keyStream?.pid || startsUnit(bytes, at)) this.#visit(bytes, at, emit);
      else {
        const answer = this.#keyStream.goOn(bytes, at);
        if (answer !== 'open') this.#release(answer, emit);
      }
    }
    if (this.#heldPackets === heldPacketsMax) this.#settle(emit);
  }

  /** Reads the packet at `at` before the first init: keeps it when it is of a table, and begins once the program is known. */
  #wait(bytes: Uint8Array, at: number, emit: Emit): void {
    const pid = pidAt(bytes, at);
    const isTable = this.#roles[pid] === table;
    const isNews = this.#isNews(bytes, at);
    if (isTable || pid <= reservedPidMax) this.#kept.push(bytes.subarray(at, at + packetBytes));
    else this.faults.skippedBytes += packetBytes;
    if (isTable && isNews) this.#readTable(bytes, at);
    if (this.#tables.choice !== null) {
      this.#adopt(emit);
      this.#emitKept('delta', emit);
      this.#state = 'flowing';
    } else if (this.#kept.length === tablePacketsMax) this.#skipKept();
    this.#begin(at + packetBytes);
  }

  /** True when the packet at `at` has a payload that is worth reading. Counts the gap before it. */
  #isNews(bytes: Uint8Array, at: number): boolean {
    const succession = this.#continuity.judge(bytes, at);
    if (succession === 'gap' || succession === 'damaged') this.faults.gaps += 1;
    return succession === 'next' || succession === 'gap';
  }

  #readTable(bytes: Uint8Array, at: number): void {
    const payload = bytes.subarray(payloadAt(bytes, at), at + packetBytes);
    const damaged = this.#tables.damagedSections;
    if (this.#tables.push(pidAt(bytes, at), payload, startsUnit(bytes, at))) this.#assignRoles();
    this.faults.gaps += this.#tables.damagedSections - damaged;
  }

  /** Goes over to what the tables have chosen: a new init, and from here on its key stream. */
  #adopt(emit: Emit): void {
    const choice = this.#tables.choice;
    if (choice === null) return;
    this.#choice = choice;
    emit({ kind: 'init', format: 'mpegts', contentType: formatOf('mpegts').contentType, payload: choice.init });
    const stream = choice.streams.find(({ media }) => media === 'video') ?? choice.streams.find(({ media }) => media === 'audio');
    if (stream === undefined) this.#keyStream = null;
    else if (this.#keyStream?.follows(stream) !== true) this.#keyStream = new KeyStream(stream, this.#time);
    this.#assignRoles();
  }

  #assignRoles(): void {
    this.#roles.fill(passing);
    if (this.#keyStream !== null) this.#roles[this.#keyStream.pid] = key;
    for (const pid of this.#tables.pids) this.#roles[pid] = table;
  }

  /** Ends holding, if on, with what is known. */
  #settle(emit: Emit): void {
    if (this.#state === 'holding' && this.#keyStream !== null) this.#release(this.#keyStream.settle(), emit);
  }

  /** Ends holding: lets go what is held of earlier chunks, or gives the frame in the making its kind. */
  #release(answer: 'entry' | 'other', emit: Emit): void {
    const kind = answer === 'entry' ? 'random-access' : 'delta';
    this.#state = 'flowing';
    if (this.#kept.length === 0) this.#kind = kind;
    else this.#emitKept(kind, emit);
  }

  /** Emits what is kept; the first piece is of the given kind. */
  #emitKept(kind: 'random-access' | 'delta', emit: Emit): void {
    for (const [index, payload] of this.#kept.entries()) {
      emit({ kind: index === 0 ? kind : 'delta', payload, timeMicros: this.#nowMicros });
    }
    this.#kept = [];
  }

  #skipKept(): void {
    for (const packet of this.#kept) this.faults.skippedBytes += packet.length;
    this.#kept = [];
  }

  #begin(at: number): void {
    this.#start = at;
    this.#kind = 'delta';
    this.#startMicros = this.#nowMicros;
  }

  /** Emits the frame in the making, cut to the limit, and begins another at `to`. */
  #flush(bytes: Uint8Array, to: number, emit: Emit): void {
    const bytesMax = frameBytesMax - (frameBytesMax % packetBytes);
    for (let from = this.#start; from < to; from += bytesMax) {
      const payload = bytes.subarray(from, Math.min(from + bytesMax, to));
      emit({ kind: this.#kind, payload, timeMicros: this.#startMicros });
      this.#kind = 'delta';
    }
    this.#begin(to);
  }
}
