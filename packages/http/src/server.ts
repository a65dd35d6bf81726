import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type Koa from 'koa';
import type { Logger } from '@weir/telemetry';
import { localUrl } from './address.ts';
import type { Address } from './address.ts';
import { bindServer } from './bind.ts';
import { ConnectionLimit, connectionsMaxOf, descriptorsMax } from './connection-limit.ts';
import type { ConnectionsMax, IsTrusted } from './connection-limit.ts';
import { addProxyFront } from './proxy-front.ts';
import type { ExpectsProxyHeader } from './proxy-front.ts';
import { connectionsCheckMillis, headerBytesMax, headersMax, headersTimeoutMillis, keepAliveProbeMillis, requestTimeoutMillis, socketBufferBytes } from './limits.ts';
import { originForm } from './request-target.ts';
import { addSourceFront } from './source-front/source-front.ts';
import type { SourceFrontOptions } from './source-front/source-front.ts';
import { addTlsFront } from './tls/tls-front.ts';
import type { TlsOptions } from './tls/tls-front.ts';

/** A listening HTTP server. */
export interface Listening {
  readonly server: Server;
  /** With the real port. */
  readonly address: Address;
  /** For someone on this machine: `http://host:port`, or `https://` with TLS. */
  readonly url: string;
  /** Connections that were closed at once, as the port or their address had enough of them. */
  readonly dropped: number;
  /** Takes no more connections and ends those that are left; fulfilled when the last is gone. */
  close(): Promise<void>;
}

/** What stands between a server's connections and its HTTP. */
export interface ListenOptions {
  /** Told of connections that were closed at once. */
  readonly logger: Pick<Logger, 'warn'>;
  /** Addresses that may have more connections than others; left out: none. */
  readonly isTrusted?: IsTrusted;
  /** Left out: the main one. */
  readonly port?: keyof ConnectionsMax;
  /** For connections that begin with a PROXY protocol header; left out: none do. */
  readonly expectsProxyHeader?: ExpectsProxyHeader;
  /** For pushed sources; left out: their requests are answered as any other. */
  readonly sources?: SourceFrontOptions;
  /** For HTTPS, and nothing else; left out: plain HTTP. */
  readonly tls?: TlsOptions | undefined;
}

/**
 * Listens with limits on every request.
 *
 * @throws ListenError when the address is in use or not allowed
 */
export async function listen(app: Koa, address: Address, { logger, isTrusted = () => false, port = 'main', expectsProxyHeader, sources, tls }: ListenOptions): Promise<Listening> {
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
    (request, response) => {
      if (isSound(request, response)) void handle(request, response);
    },
  );
  // What a connection meets first is put in last: the limit, the PROXY protocol's header, its address's limit, TLS, a source's request.
  const limit = new ConnectionLimit(connectionsMaxOf(descriptorsMax())[port], isTrusted, logger);
  const sourceFront = sources === undefined ? null : addSourceFront(server, sources);
  const tlsFront = tls === undefined ? null : addTlsFront(server, tls);
  limit.boundEach(server);
  if (expectsProxyHeader !== undefined) addProxyFront(server, expectsProxyHeader);
  limit.boundAll(server);
  const bound = await bindServer(server, address);
  return {
    server,
    address: bound,
    url: localUrl(bound, tls === undefined ? 'http' : 'https'),
    get dropped() {
      return limit.dropped;
    },
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      tlsFront?.close();
      sourceFront?.close();
      server.closeAllConnections();
      return closed;
    },
  };
}

/** Puts the request's target into the form that what follows expects; answers where there is none, or what Node's own limits let through. */
function isSound(request: IncomingMessage, response: ServerResponse): boolean {
  const target = originForm(request.url ?? '');
  if (target === null) return refuse(response, 400, 'Ask for a path that begins with "/".');
  if (request.rawHeaders.length > 2 * headersMax) return refuse(response, 431, `A request may have ${headersMax} header lines.`);
  request.url = target;
  return true;
}

function refuse(response: ServerResponse, status: number, text: string): false {
  response.writeHead(status, { Connection: 'close', 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
  return false;
}
