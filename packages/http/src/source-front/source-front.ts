import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { clientAddress } from '../client-address.ts';
import type { TrustedProxies } from '../client-address.ts';
import { headerBytesMax, headersTimeoutMillis } from '../limits.ts';
import { proxiedAddress } from '../proxy-front.ts';
import { endSocket, formatAnswer } from './answer.ts';
import { bodyFraming } from './body-framing.ts';
import { readStart } from './read-start.ts';
import type { Start } from './read-start.ts';
import { headEnd, parseSourceHead } from './source-head.ts';
import type { SourceHead, SourceProblem } from './source-head.ts';
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

const sourceMethods = ['SOURCE ', 'PUT ', 'POST ', 'DELETE '] as const;

type FirstRequest = { readonly kind: 'listener' } | { readonly kind: 'problem'; readonly problem: SourceProblem } | { readonly kind: 'source'; readonly head: SourceHead };

/**
 * Puts a reader of sources' requests between a server's connections and its HTTP: Node's own parser takes a request without a
 * length for one without a body, and reads the media as the next request. Only the first request of a connection is looked
 * at; of most, that is its first byte.
 */
export function addSourceFront(server: Server, { handler, trusted }: SourceFrontOptions): SourceFront {
  const httpHandlers = server.listeners('connection');
  const held = new Set<Socket>();
  const onClose = function (this: Socket): void {
    held.delete(this);
  };
  const handOn = (socket: Socket): void => {
    held.delete(socket);
    socket.off('close', onClose);
    for (const httpHandler of httpHandlers) httpHandler.call(server, socket);
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
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    held.add(socket.on('close', onClose));
    readStart(socket, {
      examine: (read, known) => examine(read, known, handler),
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

/** What the first request of a connection is, as soon as it can be told. A listener's bytes are all left for the HTTP server. */
function examine(read: Buffer, known: number, handler: SourceHandler): Start<FirstRequest> | null {
  const listener: Start<FirstRequest> = { bytesUsed: 0, found: { kind: 'listener' } };
  const problem = (status: number, text: string): Start<FirstRequest> => ({ bytesUsed: read.length, found: { kind: 'problem', problem: { status, text } } });
  if (!mayBeSource(read)) return listener;
  const end = headEnd(read, Math.max(0, known - 2));
  if (end > headerBytesMax || (end < 0 && read.length > headerBytesMax)) return problem(431, `A request's head may have ${headerBytesMax} bytes.`);
  if (end < 0) return null;
  const head = parseSourceHead(read.subarray(0, end));
  if ('status' in head) return problem(head.status, head.text);
  return handler.claims(head.method, head.path) ? { bytesUsed: end, found: { kind: 'source', head } } : listener;
}

function mayBeSource(read: Buffer): boolean {
  return sourceMethods.some((method) => {
    const length = Math.min(method.length, read.length);
    return read.toString('latin1', 0, length) === method.slice(0, length);
  });
}
