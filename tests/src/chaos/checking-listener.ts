import { get } from 'node:http';
import type { ClientRequest } from 'node:http';
import { crc32 } from 'node:zlib';
import { createFramer } from '@weir/framers';
import type { Framer } from '@weir/framers';
import type { FormatName } from '@weir/media';
import { packetBytes } from '../support/stamp.ts';
import { Continuity } from './continuity.ts';
import type { UnitIndex } from './continuity.ts';
import { unitsOf } from './units.ts';

/** What is listened to. */
export interface CheckedStream {
  readonly path: string;
  readonly format: FormatName;
  /** Null: an encoder makes it, and what it makes cannot be known. */
  readonly index: UnitIndex | null;
}

/** Milliseconds after which a player asks again. */
const retryMillis = 250;

/** A player of the patient kind: it checks all it gets, and when it is sent away it asks the next edge. */
export class CheckingListener {
  readonly stream: CheckedStream;
  readonly continuity: Continuity | null;
  /** The edge it is at, or asks, and the one it began at. */
  edge: number;
  readonly #home: number;
  /** Answers that ended; attempts that were not answered with media. */
  drops = 0;
  refusals = 0;
  bytes = 0;
  /** The edges it was at when it was sent away. */
  readonly droppedAt: Set<number> = new Set();
  #silenceMillis = 0;
  #lastMillis = performance.now();
  #ended = false;
  #request: ClientRequest | null = null;
  #timer: NodeJS.Timeout | null = null;
  readonly #edges: readonly string[];

  /** @param edges root URLs */
  constructor(stream: CheckedStream, edges: readonly string[], edge: number) {
    this.stream = stream;
    this.#edges = edges;
    this.edge = edge;
    this.#home = edge;
    this.continuity = stream.index === null ? null : new Continuity(stream.index);
    this.#ask();
  }

  /** The longest time without media since {@link mark}, in seconds. */
  get silenceSeconds(): number {
    return Math.max(this.#silenceMillis, performance.now() - this.#lastMillis) / 1000;
  }

  /** What was so far counts no more. */
  mark(): void {
    [this.drops, this.refusals, this.bytes, this.#silenceMillis] = [0, 0, 0, 0];
    this.droppedAt.clear();
    this.#lastMillis = performance.now();
    this.continuity?.forget();
  }

  /** Back to where it began, if it was sent away from there. */
  goHome(): void {
    if (this.edge === this.#home) return;
    this.leave();
    this.#ended = false;
    this.edge = this.#home;
    this.#ask();
  }

  leave(): void {
    this.#ended = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#request?.destroy();
  }

  #ask(): void {
    const check = this.#checker();
    let answered = false;
    const request = get(`${this.#edges[this.edge]}${this.stream.path}`, { agent: false }, (response) => {
      if (response.statusCode !== 200) {
        request.destroy();
        return;
      }
      answered = true;
      response.on('data', (bytes: Buffer) => {
        const now = performance.now();
        this.#silenceMillis = Math.max(this.#silenceMillis, now - this.#lastMillis);
        this.#lastMillis = now;
        this.bytes += bytes.length;
        check(bytes);
      });
      response.on('error', () => {});
    });
    request.on('error', () => {});
    request.once('close', () => this.#request === request && this.#gone(answered));
    this.#request = request;
  }

  #gone(answered: boolean): void {
    if (this.#ended) return;
    if (answered) {
      this.drops++;
      this.droppedAt.add(this.edge);
    } else {
      this.refusals++;
    }
    this.edge = (this.edge + 1) % this.#edges.length;
    this.#timer = setTimeout(() => this.#ask(), retryMillis);
  }

  /** For one answer. */
  #checker(): (bytes: Buffer) => void {
    const { format } = this.stream;
    const { continuity } = this;
    if (continuity === null) return () => {};
    const take = (payload: Uint8Array): void => {
      for (const unit of unitsOf(format, payload)) continuity.take(crc32(unit));
    };
    // The edge sends whole packets, so nothing has to be found first.
    if (format === 'mpegts') return wholePackets(take);
    const framer: Framer = createFramer(format);
    return (bytes) => framer.push(bytes, (frame) => frame.kind !== 'init' && take(frame.payload));
  }
}

function wholePackets(take: (packets: Buffer) => void): (bytes: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const whole = all.length - (all.length % packetBytes);
    take(all.subarray(0, whole));
    rest = all.subarray(whole);
  };
}
