import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { Address } from '../address.ts';
import { bindServer } from '../bind.ts';
import { ConnectionLimit, connectionsMaxOf, descriptorsMax } from '../connection-limit.ts';
import { headersTimeoutMillis, keepAliveProbeMillis, socketBufferBytes } from '../limits.ts';
import { plainAddress } from '../access/address-list.ts';
import { addProxyFront, proxiedAddress } from '../proxy-front.ts';
import type { ListenOptions } from '../server.ts';
import { endSocket } from './answer.ts';
import { readStart } from './read-start.ts';
import { findHeaders, findPassword } from './shoutcast-start.ts';
import { SourceRequest } from './source-request.ts';

/** What a SHOUTcast source is told about its password: the path that it is for, or one line that says why not. */
export type ShoutcastAdmission = { readonly path: string } | { readonly refusal: string };

/** Who takes the sources of a SHOUTcast port. */
export interface ShoutcastHandler {
  /** Decides by the password alone: nothing else is known before it is answered. */
  admit(password: string, address: string): Promise<ShoutcastAdmission>;
  /** Accepts the source, or answers it, which only closes. */
  handle(request: SourceRequest): void;
}

/** What stands between its connections and their first line. */
export type ShoutcastListenOptions = Pick<ListenOptions, 'logger' | 'isTrusted' | 'expectsProxyHeader'>;

/** A listening SHOUTcast port. */
export interface ShoutcastListening {
  /** With the real port. */
  readonly address: Address;
  /** Takes no more sources and ends those that are left; fulfilled when the last is gone. */
  close(): Promise<void>;
}

/**
 * Listens for SHOUTcast 1 sources, by custom on the port after the listeners':
 *
 *     client: password CR LF
 *     server: OK2 CR LF icy-caps:11 CR LF CR LF          or: invalid password CR LF
 *     client: icy-name:... CR LF  content-type:... CR LF  CR LF  media
 *
 * @throws ListenError when the address is in use or not allowed
 */
export async function listenShoutcast(address: Address, handler: ShoutcastHandler, { logger, isTrusted = () => false, expectsProxyHeader }: ShoutcastListenOptions): Promise<ShoutcastListening> {
  const sockets = new Set<Socket>();
  const options = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveProbeMillis, highWaterMark: socketBufferBytes };
  const server = createServer(options, (socket) => readPassword(socket, handler));
  const limit = new ConnectionLimit(connectionsMaxOf(descriptorsMax()).side, isTrusted, logger);
  limit.boundEach(server);
  if (expectsProxyHeader !== undefined) addProxyFront(server, expectsProxyHeader);
  limit.boundAll(server);
  server.on('connection', (socket) => sockets.add(socket.once('close', () => sockets.delete(socket))));
  const bound = await bindServer(server, address);
  return {
    address: bound,
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      return closed;
    },
  };
}

function readPassword(socket: Socket, handler: ShoutcastHandler): void {
  readStart(socket, {
    examine: findPassword,
    onRead: (password) => void answerPassword(socket, password, handler),
    onExpired: () => socket.destroy(),
    timeoutMillis: headersTimeoutMillis,
  });
}

async function answerPassword(socket: Socket, password: string | null, handler: ShoutcastHandler): Promise<void> {
  socket.on('error', () => socket.destroy());
  const address = plainAddress(proxiedAddress(socket) ?? socket.remoteAddress ?? '-');
  const admission = password === null ? { refusal: 'invalid password' } : await handler.admit(password, address);
  if ('refusal' in admission) {
    endSocket(socket, `${admission.refusal}\r\n`);
    return;
  }
  if (socket.destroyed) return;
  socket.write('OK2\r\nicy-caps:11\r\n\r\n');
  readStart(socket, {
    examine: findHeaders,
    onRead: (headers) => {
      if (headers === null) socket.destroy();
      else handler.handle(new SourceRequest(socket, { method: 'SOURCE', path: admission.path, httpVersion: 'ICE/1.0', headers }, { kind: 'until-end' }, address, 'shoutcast'));
    },
    onExpired: () => socket.destroy(),
    timeoutMillis: headersTimeoutMillis,
  });
}
