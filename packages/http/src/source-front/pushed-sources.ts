import type { Middleware } from 'koa';
import type { TrustedProxies } from '../client-address.ts';
import type { SourceHandler } from './source-front.ts';

/** Sources that a server for listeners takes besides: one port for both, as Icecast's users expect. */
export interface PushedSources {
  readonly handler: SourceHandler;
  /** Answers what sources ask besides; it is asked after whatever serves listeners, who may use the same paths. */
  readonly answer: (trusted: () => TrustedProxies) => Middleware;
}
