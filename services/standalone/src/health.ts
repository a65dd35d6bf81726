import type { Bus } from '@weir/bus';
import { listenForHealth, parseAddress } from '@weir/http';
import { Metrics } from '@weir/telemetry';
import type { Start } from './lifetime.ts';
import type { Options } from './options.ts';
import { version } from './version.ts';

/** Why this process is not ready, as long as nothing better is known; set by what it runs. */
export interface Readiness {
  notReady: () => string | null;
}

/** This process's metrics, with what every process tells. `bus` is null until there is a connection. */
export function createMetrics(bus: () => Bus | null): Metrics {
  const metrics = new Metrics(version);
  metrics.gauge('bus_connected', '1 while the bus is there.', [], () => [{ labels: {}, value: bus()?.connected === true ? 1 : 0 }]);
  return metrics;
}

/** Opens the health port, if one is wanted. It closes last, so that a process that stops still tells that it does. */
export async function openHealth(options: Options, { logger, lifetime }: Start, metrics: Metrics, readiness: Readiness): Promise<void> {
  if (options.health === null) return;
  const health = {
    notReady: () => (lifetime.stopping.signal.aborted ? 'stopping' : readiness.notReady()),
    metrics: { contentType: metrics.contentType, text: () => metrics.text() },
  };
  await listenForHealth(health, parseAddress(options.health), (error, method, path) => {
    logger.error('a health request failed', { method, path, reason: String(error) });
  });
}
