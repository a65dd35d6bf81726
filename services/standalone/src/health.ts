import type { Bus } from '@weir/bus';
import { listenForHealth, parseAddress } from '@weir/http';
import { Metrics } from '@weir/telemetry';
import type { Start } from './lifetime.ts';
import type { Options } from './options.ts';
import { version } from './version.ts';

/** This process's metrics, with what every process tells. */
export function createMetrics(bus: Bus): Metrics {
  const metrics = new Metrics(version);
  metrics.gauge('bus_connected', '1 while the bus is there.', [], () => [{ labels: {}, value: bus.connected ? 1 : 0 }]);
  return metrics;
}

/** Opens the health port, if one is wanted. It closes last, so that a process that stops still tells that it does. */
export async function openHealth(options: Options, { logger, lifetime }: Start, metrics: Metrics, notReady: () => string | null): Promise<void> {
  if (options.health === null) return;
  const health = {
    notReady: () => (lifetime.stopping.signal.aborted ? 'stopping' : notReady()),
    metrics: { contentType: metrics.contentType, text: () => metrics.text() },
  };
  await listenForHealth(health, parseAddress(options.health), (error, method, path) => {
    logger.error('a health request failed', { method, path, reason: String(error) });
  });
}
