import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type Koa from 'koa';
import type { Address } from './address.ts';
import { formatAddress } from './address.ts';
import { addProxyFront } from './proxy-front.ts';
import type { ExpectsProxyHeader } from './proxy-front.ts';
import { connectionsCheckMillis, headerBytesMax, headersTimeoutMillis, keepAliveProbeMillis, requestTimeoutMillis, socketBufferBytes } from './limits.ts';

/** The port could not be opened; `message` says which, why and what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/** A listening HTTP server. */
export interface Listening {
  readonly server: Server;
  /** With the real port. */
  readonly address: Address;
  /** Takes no more connections and ends those that are left; fulfilled when the last is gone. */
  close(): Promise<void>;
}

/**
 * Listens with limits on every request.
 *
 * @param expectsProxyHeader for connections that begin with a PROXY protocol header; left out: none do
 * @throws ListenError when the address is in use or not allowed
 */
export async function listen(app: Koa, address: Address, expectsProxyHeader?: ExpectsProxyHeader): Promise<Listening> {
  const handle = app.callback();
  const server = createServer(
    {
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: keepAliveProbeMillis,
      maxHeaderSize: headerBytesMax,
      headersTimeout: headersTimeoutMillis,
      requestTimeout: requestTimeoutMillis,
      connectionsCheckingInterval: connectionsCheckMillis,
      highWaterMark: socketBufferBytes,
    },
    (request, response) => void handle(request, response),
  );
  if (expectsProxyHeader !== undefined) addProxyFront(server, expectsProxyHeader);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, address)));
    server.listen({ host: address.host, port: address.port, backlog: 4096 }, resolve);
  });
  const bound = server.address();
  const port = bound === null || typeof bound === 'string' ? address.port : bound.port;
  return {
    server,
    address: { host: address.host, port },
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

function explain(error: NodeJS.ErrnoException, address: Address): ListenError {
  const where = formatAddress(address);
  const why =
    error.code === 'EADDRINUSE'
      ? `port ${address.port} is in use by another program: stop it, or choose another port with --listen`
      : error.code === 'EACCES'
        ? `port ${address.port} needs more rights: ports below 1024 are the system's; choose another with --listen`
        : error.message;
  return new ListenError(`cannot listen on ${where}: ${why}`, { cause: error });
}
