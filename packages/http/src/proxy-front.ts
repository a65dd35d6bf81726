import { createServer } from 'node:net';
import type { Server as NetServer, Socket } from 'node:net';
import type { Server as HttpServer } from 'node:http';
import { proxyHeaderTimeoutMillis } from './limits.ts';
import { readProxyHeader } from './proxy-protocol.ts';

/** Who may speak the PROXY protocol; asked for each connection, since the configuration may change. */
export type ExpectsProxyHeader = (socketAddress: string) => boolean;

/**
 * A TCP server in front of an HTTP server: takes the PROXY protocol header off connections that are to have one, and hands
 * every connection on. What it learnt is told by {@link proxiedAddress}.
 */
export function createProxyFront(server: HttpServer, expects: ExpectsProxyHeader): NetServer {
  return createServer({ noDelay: true, keepAlive: true, highWaterMark: 64 * 1024 }, (socket) => {
    if (expects(socket.remoteAddress ?? '')) readHeader(socket, server);
    else server.emit('connection', socket);
  });
}

const addresses = new WeakMap<Socket, string>();

/** The client's address as the PROXY protocol told it; undefined for a connection that had no such header. */
export function proxiedAddress(socket: Socket): string | undefined {
  return addresses.get(socket);
}

function readHeader(socket: Socket, server: HttpServer): void {
  let read = Buffer.alloc(0);
  const refuse = (): void => void socket.destroy();
  const timer = setTimeout(refuse, proxyHeaderTimeoutMillis);
  const onData = (bytes: Buffer): void => {
    read = Buffer.concat([read, bytes]);
    const header = readProxyHeader(read);
    if (header.kind === 'short') return;
    clearTimeout(timer);
    socket.off('data', onData).off('error', refuse);
    if (header.kind === 'invalid') {
      socket.destroy();
      return;
    }
    if (header.address !== null) addresses.set(socket, header.address);
    socket.pause();
    socket.unshift(read.subarray(header.bytes));
    server.emit('connection', socket);
    socket.resume();
  };
  socket.on('data', onData).on('error', refuse);
  socket.once('close', () => clearTimeout(timer));
}
