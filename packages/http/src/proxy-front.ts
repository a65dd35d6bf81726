import type { Server, Socket } from 'node:net';
import { proxyHeaderTimeoutMillis } from './limits.ts';
import { readProxyHeader } from './proxy-protocol.ts';
import { takeConnections } from './take-connections.ts';

/** Who may speak the PROXY protocol; asked for each connection, since the configuration may change. */
export type ExpectsProxyHeader = (socketAddress: string) => boolean;

/**
 * Puts a reader of PROXY protocol headers between a server's connections and what reads them: it takes the header off those that are
 * to have one. What it learnt is told by {@link proxiedAddress}.
 */
export function addProxyFront(server: Server, expects: ExpectsProxyHeader): void {
  const handOn = takeConnections(server);
  server.on('connection', (socket: Socket) => {
    if (expects(socket.remoteAddress ?? '')) readHeader(socket, handOn);
    else handOn(socket);
  });
}

const addresses = new WeakMap<Socket, string>();

/** The client's address as the PROXY protocol told it; undefined for a connection that had no such header. */
export function proxiedAddress(socket: Socket): string | undefined {
  return addresses.get(socket);
}

/** What is known of a connection is known of what is spoken over it. */
export function passOnProxiedAddress(from: Socket, to: Socket): void {
  const address = addresses.get(from);
  if (address !== undefined) addresses.set(to, address);
}

function readHeader(socket: Socket, handOn: (socket: Socket) => void): void {
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
    handOn(socket);
    socket.resume();
  };
  socket.on('data', onData).on('error', refuse);
  socket.once('close', () => clearTimeout(timer));
}
