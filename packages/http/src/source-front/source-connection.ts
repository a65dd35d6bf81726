import type { Socket } from 'node:net';
import { endSocket, formatAnswer } from './answer.ts';
import type { BodyFraming } from './body-framing.ts';
import { ChunkedDecoder } from './chunked-decoder.ts';

/** How a source's connection came to its end. */
export type ConnectionEnd =
  /** As announced, or by the client's end where nothing was. */
  | { readonly kind: 'complete' }
  | { readonly kind: 'broken'; readonly reason: string }
  /** {@link SourceConnection.close} was called. */
  | { readonly kind: 'closed'; readonly reason: string };

/** Who takes a source's body. `onEnd` comes once, last, and may come before anything was read. */
export interface BodyReader {
  /** Shared memory: read-only. */
  onBytes(bytes: Uint8Array): void;
  onEnd(end: ConnectionEnd): void;
}

/** What is known of a connection when it is accepted. */
export interface ConnectionOptions {
  readonly framing: BodyFraming;
  /** Milliseconds without a byte after which it is given up, counted before the start as well. */
  readonly timeoutMillis: number;
  /** Whether the client waits for an answer at the end: PUT and POST do. */
  readonly answersAtEnd: boolean;
}

/** An accepted source: nothing is read until {@link start}, and the client waits when the buffers are full. */
export class SourceConnection {
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #reader: BodyReader;
  readonly #decoder: ChunkedDecoder | null;
  readonly #give = (bytes: Uint8Array): void => {
    if (!this.#over) this.#reader.onBytes(bytes);
  };
  #bytesLeft: number;
  #over = false;

  /** @param socket paused, with the body's first bytes put back */
  constructor(socket: Socket, options: ConnectionOptions, reader: BodyReader) {
    this.#socket = socket;
    this.#options = options;
    this.#reader = reader;
    this.#decoder = options.framing.kind === 'chunked' ? new ChunkedDecoder() : null;
    this.#bytesLeft = options.framing.kind === 'sized' ? options.framing.bytes : Infinity;
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.on('end', () => {
      if (options.framing.kind === 'until-end') this.#finish({ kind: 'complete' }, 200, '');
      else this.#finish({ kind: 'broken', reason: 'it ended in the middle of its body' }, 400, 'The body ended before its announced end.');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // A client that never reads the answer to its SOURCE, as ffmpeg, resets the connection when it closes it: its end all the same.
      const ended = error.code === 'ECONNRESET' && options.framing.kind === 'until-end' && !options.answersAtEnd;
      this.#finish(ended ? { kind: 'complete' } : { kind: 'broken', reason: error.message }, 400, '');
    });
    socket.on('close', () => this.#finish({ kind: 'broken', reason: 'the connection was lost' }, 400, ''));
    socket.setTimeout(options.timeoutMillis, () => {
      const nothing = `nothing came for ${options.timeoutMillis / 1000} s`;
      this.#finish({ kind: 'broken', reason: nothing }, 408, `${nothing}: a source must send all the time.`);
    });
  }

  /** Lets the body come. */
  start(): void {
    if (this.#over) return;
    if (this.#bytesLeft === 0) this.#finish({ kind: 'complete' }, 200, '');
    else this.#socket.resume();
  }

  /** Ends it from this side; the reader's `onEnd` follows. */
  close(reason: string): void {
    if (this.#over) return;
    this.#leave(503, `The source was ended by the server: ${reason}.`);
    queueMicrotask(() => this.#reader.onEnd({ kind: 'closed', reason }));
  }

  #read(bytes: Buffer): void {
    if (this.#over) return;
    if (this.#decoder === null) {
      const body = bytes.length > this.#bytesLeft ? bytes.subarray(0, this.#bytesLeft) : bytes;
      this.#bytesLeft -= body.length;
      this.#reader.onBytes(body);
      if (this.#bytesLeft === 0) this.#finish({ kind: 'complete' }, 200, '');
      return;
    }
    const state = this.#decoder.push(bytes, this.#give);
    if (state === 'end') this.#finish({ kind: 'complete' }, 200, '');
    else if (state === 'invalid') this.#finish({ kind: 'broken', reason: 'its body is not chunked as announced' }, 400, 'The body is not chunked as RFC 9112 says.');
  }

  #finish(end: ConnectionEnd, status: number, text: string): void {
    if (this.#over) return;
    this.#leave(status, text);
    this.#reader.onEnd(end);
  }

  #leave(status: number, text: string): void {
    this.#over = true;
    endSocket(this.#socket, this.#options.answersAtEnd ? formatAnswer(status, text) : '');
  }
}
