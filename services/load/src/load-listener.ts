import type { Socket } from 'node:net';
import { ResponseError, ResponseReader } from '@weir/http';
import type { ResponseHead, ResponseSink } from '@weir/http';
import type { Part, Role } from './cast.ts';
import { openConnection } from './connection.ts';
import type { ConnectionPeer } from './connection.ts';
import { ContinuityCheck } from './continuity.ts';
import type { CheckSurroundings } from './continuity.ts';
import type { ReadPace } from './read-pace.ts';
import type { Target } from './target.ts';

/**
 * - `connecting`, `waiting` for an answer, `receiving` media
 * - `refused` with a status that brings no stream
 * - `failed`: no connection, or no answer that makes sense
 * - `closed`: the answer has ended while the listener wanted more; `complete` when nothing of it is missing
 */
export type ListenerState =
  | { readonly is: 'connecting' | 'waiting' | 'receiving' }
  | { readonly is: 'refused'; readonly status: number; readonly retryAfter: boolean }
  | { readonly is: 'failed'; readonly reason: string }
  | { readonly is: 'closed'; readonly complete: boolean; readonly reason: string };

/** What all listeners of a run have in common. */
export interface ListenerSurroundings extends CheckSurroundings {
  readonly target: Target;
  /** Monotonic. */
  readonly nowMillis: () => number;
  /** What they read into, one after the other; the second is for those with a pace. */
  readonly buffer: Uint8Array;
  readonly slowBuffer: Uint8Array;
}

const connecting: ListenerState = { is: 'connecting' };
const waiting: ListenerState = { is: 'waiting' };
const receiving: ListenerState = { is: 'receiving' };

/** One client: sends its request as soon as it is made, and counts what comes. */
export class LoadListener implements ConnectionPeer, ResponseSink {
  readonly role: Role;
  readonly startedMillis: number;
  /** From the start to the connection; null while there is none. */
  connectMillis: number | null = null;
  /** From the connection to the first byte of media; null before. */
  firstByteMillis: number | null = null;
  /** Of media: without heads and chunk sizes. */
  bytes = 0;
  state: ListenerState = connecting;
  check: ContinuityCheck | null = null;
  readonly #around: ListenerSurroundings;
  readonly #isChecked: boolean;
  readonly #pace: ReadPace | null;
  readonly #socket: Socket;
  readonly #reader = new ResponseReader(this);
  #isPaused = false;
  #isReleased = false;

  constructor(part: Part, pace: ReadPace | null, localAddress: string | undefined, around: ListenerSurroundings) {
    this.role = part.role;
    this.startedMillis = around.nowMillis();
    this.#isChecked = part.checked;
    this.#pace = pace;
    this.#around = around;
    this.#socket = openConnection(around.target, localAddress, pace === null ? around.buffer : around.slowBuffer, this);
  }

  get isReceiving(): boolean {
    return this.state.is === 'receiving';
  }

  /** Nothing more will come of it. */
  get isOver(): boolean {
    return this.state.is === 'refused' || this.state.is === 'failed' || this.state.is === 'closed';
  }

  /** Hangs up; the state stays what it was. */
  release(): void {
    this.#isReleased = true;
    this.#socket.destroy();
  }

  /** Reads on after a pause that is over. */
  resumeIfReady(nowMillis: number): void {
    if (!this.#isPaused || this.#pace?.isReady(nowMillis) !== true) return;
    this.#isPaused = false;
    this.#socket.resume();
  }

  connected(): void {
    this.connectMillis = this.#around.nowMillis() - this.startedMillis;
    this.state = waiting;
    this.#socket.write(this.#around.target.request);
  }

  received(bytes: Uint8Array, count: number): boolean {
    if (this.#isReleased || this.isOver) return false;
    try {
      this.#reader.push(bytes.subarray(0, count));
    } catch (error) {
      if (!(error instanceof ResponseError)) throw error;
      this.#end(error.message, false);
    }
    if (this.isReceiving && this.#reader.isComplete) this.#end('end of the answer', true);
    if (this.isOver) {
      this.#socket.destroy();
      return false;
    }
    if (this.role === 'stalled') return !this.isReceiving;
    if (this.#pace === null) return true;
    const nowMillis = this.#around.nowMillis();
    this.#pace.took(count, nowMillis);
    this.#isPaused = !this.#pace.isReady(nowMillis);
    return !this.#isPaused;
  }

  closed(reason: string | null): void {
    if (!this.#isReleased && !this.isOver) this.#end(reason ?? 'closed by the server', reason === null && this.#reader.mayEnd);
  }

  onHead(head: ResponseHead): void {
    if (head.status !== 200 && head.status !== 206) {
      this.state = { is: 'refused', status: head.status, retryAfter: head.fields.has('retry-after') };
      return;
    }
    this.state = receiving;
    if (this.#isChecked) this.check = ContinuityCheck.of(head.fields.get('content-type') ?? null, this.#around);
  }

  onBody(bytes: Uint8Array): void {
    if (this.state !== receiving) return;
    this.firstByteMillis ??= this.#around.nowMillis() - this.startedMillis - (this.connectMillis ?? 0);
    this.bytes += bytes.length;
    this.check?.push(Buffer.from(bytes));
  }

  #end(reason: string, complete: boolean): void {
    this.state = this.isReceiving ? { is: 'closed', complete, reason } : { is: 'failed', reason };
  }
}
