import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { Cursor } from '@weir/ring';
import type { Grant } from './access/grant.ts';
import type { Framing } from './framing.ts';
import { lastChunk } from './framing.ts';
import type { IcyInterleaver } from './icy.ts';
import { stalledMillis } from './limits.ts';

/** Why a listener's response ended; the words of access lines and metrics. */
export type ListenerEnd = 'left' | 'stalled' | 'slow' | 'source-ended' | 'source-lost' | 'format-changed' | 'limit' | 'shutdown' | 'removed' | 'kicked' | 'revoked';

/** Who listens, for the access line. */
export interface ListenerIdentity {
  readonly address: string;
  readonly method: string;
  readonly target: string;
  readonly httpVersion: string;
  readonly referer: string;
  readonly userAgent: string;
  /** Why it was let in. */
  readonly grant: Grant;
}

/** One HTTP client on a mount, its head already sent: a socket and a cursor. */
export class Listener {
  /** Counts the listeners of the edge process from 1. */
  readonly number: number;
  readonly socket: Socket;
  readonly cursor: Cursor;
  readonly framing: Framing;
  readonly identity: ListenerIdentity;
  readonly startedMillis: number;
  /** Puts titles between the media of a listener who asked for them; such a listener shares no writes. */
  readonly icy: IcyInterleaver | null;
  /** What went to the socket, framing and titles included. */
  bytes = 0;
  /** When the socket last took everything it was given. */
  progressMillis: number;
  /** Set once; nothing is written afterwards. */
  ended: ListenerEnd | null = null;
  readonly #secure: boolean;

  constructor(number: number, socket: Socket, cursor: Cursor, framing: Framing, identity: ListenerIdentity, icy: IcyInterleaver | null, nowMillis: number) {
    this.number = number;
    this.socket = socket;
    this.#secure = socket instanceof TLSSocket;
    this.cursor = cursor;
    this.framing = framing;
    this.identity = identity;
    this.icy = icy;
    this.startedMillis = nowMillis;
    this.progressMillis = nowMillis;
  }

  /**
   * True while what was written last has not left for the kernel: the cursor waits. TLS tells that of every write a moment
   * later, also of one that has left at once; there the cursor waits when the socket asks for it, at its high water mark.
   * A socket that is to end asks for nothing any more.
   */
  get full(): boolean {
    return this.#secure && this.ended === null ? this.socket.writableNeedDrain : this.socket.writableLength > 0;
  }

  write(bytes: Uint8Array): void {
    this.bytes += bytes.length;
    this.socket.write(bytes);
  }

  /**
   * Ends the response; the first reason counts. A clean end lets what was written arrive; who does not read, or does not close the
   * connection either, is not waited for longer than somebody who stalls.
   */
  end(reason: ListenerEnd): void {
    if (this.ended !== null) return;
    this.ended = reason;
    if (reason === 'left' || reason === 'stalled' || reason === 'slow' || reason === 'kicked' || reason === 'revoked') {
      this.socket.destroy();
      return;
    }
    const last = lastChunk[this.framing];
    if (last === null) this.socket.end();
    else this.socket.end(last);
    const timer = setTimeout(() => this.socket.destroy(), stalledMillis);
    this.socket.once('close', () => clearTimeout(timer));
  }
}
