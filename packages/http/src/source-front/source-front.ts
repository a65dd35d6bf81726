import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { clientAddress } from '../client-address.ts';
import type { TrustedProxies } from '../client-address.ts';
import { headersTimeoutMillis } from '../limits.ts';
import { proxiedAddress } from '../proxy-front.ts';
import { takeConnections } from '../take-connections.ts';
import { endSocket, formatAnswer } from './answer.ts';
import { bodyFraming } from './body-framing.ts';
import { findFirstRequest } from './first-request.ts';
import type { FirstRequest } from './first-request.ts';
import { readStart } from './read-start.ts';
import type { SourceHead } from './source-head.ts';
import { SourceRequest } from './source-request.ts';

/** Who takes pushed sources. */
export interface SourceHandler {
  /** Whether a request is a source's; asked for SOURCE, PUT, POST and DELETE. Others go on to the HTTP server. */
  claims(method: string, path: string): boolean;
  /** Accepts or answers it, now or later. */
  handle(request: SourceRequest): void;
}

/** What a server needs to accept sources. */
export interface SourceFrontOptions {
  readonly handler: SourceHandler;
  /** Proxies whose word about the client's address is taken; asked for each source. */
  readonly trusted: () => TrustedProxies;
}

/** The sources of one server. */
export interface SourceFront {
  /** Drops all connections that the HTTP server does not know of. */
  close(): void;
}

/**
 * Puts a reader of sources' requests between a server's connections and its HTTP: Node's own parser takes a request without a
 * length for one without a body, and reads the media as the next request. Only the first request of a connection is looked
 * at; of most, that is its first byte.
 */
export function addSourceFront(server: Server, { handler, trusted }: SourceFrontOptions): SourceFront {
  const toHttp = takeConnections(server);
  const held = new Set<Socket>();
  const onClose = function (this: Socket): void {
    held.delete(this);
  };
  const handOn = (socket: Socket): void => {
    held.delete(socket);
    socket.off('close', onClose);
    toHttp(socket);
    socket.resume();
  };
  const onFirst = (socket: Socket, first: FirstRequest): void => {
    if (first.kind === 'listener') handOn(socket);
    else if (first.kind === 'problem') endSocket(socket, formatAnswer(first.problem.status, first.problem.text));
    else handleSource(socket, first.head);
  };
  const handleSource = (socket: Socket, head: SourceHead): void => {
    const framing = bodyFraming(head);
    if ('status' in framing) {
      endSocket(socket, formatAnswer(framing.status, framing.text));
      return;
    }
    const forwarding = { xForwardedFor: head.headers.get('x-forwarded-for') ?? '', forwarded: head.headers.get('forwarded') ?? '' };
    const address = clientAddress(proxiedAddress(socket) ?? socket.remoteAddress ?? '-', forwarding, trusted());
    handler.handle(new SourceRequest(socket, head, framing, address, 'http'));
  };
  server.on('connection', (socket: Socket) => {
    held.add(socket.on('close', onClose));
    readStart(socket, {
      examine: (read, known) => findFirstRequest(read, known, (method, path) => handler.claims(method, path)),
      onRead: (first) => onFirst(socket, first),
      onExpired: () => endSocket(socket, formatAnswer(408, `A request's head must come within ${headersTimeoutMillis / 1000} s.`)),
      timeoutMillis: headersTimeoutMillis,
    });
  });
  return {
    close: () => {
      for (const socket of held) socket.destroy();
    },
  };
}
