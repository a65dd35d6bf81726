import { listenForHealth, parseAddress } from '@weir/http';
import type { Start } from './lifetime.ts';
import type { Options } from './options.ts';

/** Why this process is not ready, as long as nothing better is known; set by what it runs. */
export interface Readiness {
  notReady: () => string | null;
}

/** Opens the health port, if one is wanted. It closes last, so that a process that stops still tells that it does. */
export async function openHealth(options: Options, { logger, lifetime, metrics }: Start, readiness: Readiness): Promise<void> {
  if (options.health === null) return;
  const health = {
    notReady: () => (lifetime.stopping.signal.aborted ? 'stopping' : readiness.notReady()),
    metrics: { contentType: metrics.contentType, text: () => metrics.text() },
  };
  await listenForHealth(health, parseAddress(options.health), logger.child('health'));
}
