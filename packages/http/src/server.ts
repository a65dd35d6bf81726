import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type Koa from 'koa';
import type { Address } from './address.ts';
import { bindServer } from './bind.ts';
import { addProxyFront } from './proxy-front.ts';
import type { ExpectsProxyHeader } from './proxy-front.ts';
import { connectionsCheckMillis, headerBytesMax, headersTimeoutMillis, keepAliveProbeMillis, requestTimeoutMillis, socketBufferBytes } from './limits.ts';
import { addSourceFront } from './source-front/source-front.ts';
import type { SourceFrontOptions } from './source-front/source-front.ts';

/** A listening HTTP server. */
export interface Listening {
  readonly server: Server;
  /** With the real port. */
  readonly address: Address;
  /** Takes no more connections and ends those that are left; fulfilled when the last is gone. */
  close(): Promise<void>;
}

/** What stands between a server's connections and its HTTP. */
export interface ListenOptions {
  /** For connections that begin with a PROXY protocol header; left out: none do. */
  readonly expectsProxyHeader?: ExpectsProxyHeader;
  /** For pushed sources; left out: their requests are answered as any other. */
  readonly sources?: SourceFrontOptions;
}

/**
 * Listens with limits on every request.
 *
 * @throws ListenError when the address is in use or not allowed
 */
export async function listen(app: Koa, address: Address, { expectsProxyHeader, sources }: ListenOptions = {}): Promise<Listening> {
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
  // The PROXY protocol's header comes first, so its reader is put in last.
  const sourceFront = sources === undefined ? null : addSourceFront(server, sources);
  if (expectsProxyHeader !== undefined) addProxyFront(server, expectsProxyHeader);
  const bound = await bindServer(server, address);
  return {
    server,
    address: bound,
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      sourceFront?.close();
      server.closeAllConnections();
      return closed;
    },
  };
}
