import type { Socket } from 'node:net';
import { endSocket, formatAnswer } from './answer.ts';
import type { BodyFraming } from './body-framing.ts';
import { SourceConnection } from './source-connection.ts';
import type { BodyReader } from './source-connection.ts';
import type { SourceHead, SourceHeaders } from './source-head.ts';

/** Which protocol a source speaks: HTTP with the methods of Icecast, or that of SHOUTcast 1, which has no answers. */
export type SourceProtocol = 'http' | 'shoutcast';

/** Someone who wants to push a source, or to end one with DELETE. Whoever gets it calls {@link accept} or {@link answer}, once. */
export class SourceRequest {
  /** SOURCE, PUT, POST or DELETE. */
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  readonly httpVersion: SourceHead['httpVersion'];
  readonly headers: SourceHeaders;
  /** Of the client, as far as trusted proxies tell it. */
  readonly address: string;
  readonly framing: BodyFraming;
  readonly protocol: SourceProtocol;
  readonly #socket: Socket;

  /** @param socket paused, with the body's first bytes put back */
  constructor(socket: Socket, head: SourceHead, framing: BodyFraming, address: string, protocol: SourceProtocol) {
    this.method = head.method;
    this.path = head.path;
    this.httpVersion = head.httpVersion;
    this.headers = head.headers;
    this.address = address;
    this.framing = framing;
    this.protocol = protocol;
    this.#socket = socket;
    socket.on('error', () => socket.destroy());
  }

  /** False when the client has left meanwhile. */
  get waiting(): boolean {
    return !this.#socket.destroyed;
  }

  /**
   * Takes the source: SOURCE gets its 200 now, who expects 100 gets that, and PUT and POST get 200 when all has come.
   *
   * @param timeoutMillis silence after which it is given up
   */
  accept(timeoutMillis: number, reader: BodyReader): SourceConnection {
    const answersAtEnd = this.protocol === 'http' && this.method !== 'SOURCE';
    if (this.protocol === 'http' && this.method === 'SOURCE') this.#socket.write('HTTP/1.0 200 OK\r\n\r\n');
    else if (answersAtEnd && this.#expectsContinue) this.#socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    return new SourceConnection(this.#socket, { framing: this.framing, timeoutMillis, answersAtEnd }, reader);
  }

  /** Answers and closes; text that says what to do, without a line end. SHOUTcast clients only see the close. */
  answer(status: number, text: string, headers: Readonly<Record<string, string>> = {}): void {
    endSocket(this.#socket, this.protocol === 'http' ? formatAnswer(status, text, headers) : '');
  }

  get #expectsContinue(): boolean {
    return this.httpVersion === 'HTTP/1.1' && (this.headers.get('expect') ?? '').toLowerCase().includes('100-continue');
  }
}
