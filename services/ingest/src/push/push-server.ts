import { createApp, listen, listenShoutcast, parseAddress } from '@weir/http';
import type { Listening, ShoutcastListening, TlsOptions, TrustedProxies } from '@weir/http';
import type { Logger } from '@weir/telemetry';
import type { PushRoutes } from './push-routes.ts';
import { pushRoutes } from './routes.ts';

/** A port of an ingest that sources come to. */
export interface PushServerOptions {
  /** `host:port`. */
  readonly listen: string;
  readonly logger: Logger;
  readonly expectsProxyHeader: (address: string) => boolean;
  readonly trusted: () => TrustedProxies;
  readonly tls: TlsOptions | undefined;
}

/**
 * Listens for sources that push, and for what else they ask.
 *
 * @throws ListenError when the address is in use or not allowed
 */
export function listenForPushes(routes: PushRoutes, { listen: address, logger, expectsProxyHeader, trusted, tls }: PushServerOptions): Promise<Listening> {
  const app = createApp(logger);
  app.use(pushRoutes(routes, trusted));
  return listen(app, parseAddress(address), { logger, isTrusted: (from) => trusted().includes(from), expectsProxyHeader, tls, sources: { handler: routes, trusted } });
}

/**
 * Listens for sources of SHOUTcast 1.
 *
 * @param options `listen` is by custom the port after the other one
 * @throws ListenError when the address is in use or not allowed
 */
export function listenForShoutcast(routes: PushRoutes, { listen: address, logger, expectsProxyHeader, trusted }: Omit<PushServerOptions, 'tls'>): Promise<ShoutcastListening> {
  return listenShoutcast(parseAddress(address), routes, { logger, isTrusted: (from) => trusted().includes(from), expectsProxyHeader });
}
