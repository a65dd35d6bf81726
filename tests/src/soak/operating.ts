import { anyOf, between, rest } from './churn.ts';
import type { Churn } from './churn.ts';
import { password } from './configuration.ts';
import type { Fleet } from './fleet.ts';

/** Seconds between two ends of the NATS server on average. */
const natsRestartSeconds = 420;

/** What operators do, and what breaks below the services: reloads, administration, killed commands, members that come and go, NATS. */
export function operate(churn: Churn, fleet: Fleet): void {
  let reloads = 0;
  churn.often('reloads', 30, 1, async () => {
    fleet.configure(reloads++ % 2 === 0 ? `extra-${reloads}` : null);
  });
  churn.often('listeners of the stream that a reload has made', 15, 2, async (signal) => {
    const name = `extra-${reloads}`;
    const response = await fetch(`${fleet.urlOf(anyOf(['edge-1', 'edge-2']))}/${name}.mp3`, { signal: AbortSignal.any([signal, AbortSignal.timeout(5000)]) });
    await response.body?.cancel();
  });
  churn.often('SIGHUP', 40, 1, async () => fleet.of(anyOf(['control', 'standalone'])).service.signal('SIGHUP'));
  churn.often('restarts of feeds and encoders', 20, 1, async () => {
    await call(fleet, 'POST', anyOf(['feeds/camera/restart', 'feeds/jingles/restart', 'feeds/afar/restart', 'feeds/studio/restart', 'encoders/sound/restart', 'encoders/chain/restart']));
  });
  churn.often('stops and starts of feeds', 60, 1, async (signal) => {
    const name = anyOf(['camera', 'clip', 'slides', 'studio']);
    await call(fleet, 'POST', `feeds/${name}/stop`);
    await rest(between(1, 8), signal);
    await call(fleet, 'POST', `feeds/${name}/start`);
  });
  churn.often('lists of listeners, and one of them ended', 15, 1, async () => {
    const { listeners = [] } = (await call(fleet, 'GET', 'listeners?limit=20')) as { listeners?: readonly { id: string }[] };
    if (listeners.length > 0) await call(fleet, 'DELETE', `listeners/${encodeURIComponent(anyOf(listeners).id)}`);
  });
  churn.often('drains of an edge', 90, 1, async (signal) => {
    await call(fleet, 'POST', 'edges/edge-1/drain', { seconds: 3 });
    await rest(between(1, 5), signal);
    await call(fleet, 'POST', 'edges/edge-1/undrain');
  });
  churn.often('log levels', 60, 1, async () => {
    await call(fleet, 'PUT', 'log-level', { level: anyOf(['debug', 'info']), component: anyOf(['edge', 'ingest.feed', 'control']) });
  });
  churn.often('administrators with a wrong token', 20, 1, async () => {
    await (await fetch(`${fleet.urlOf('control')}/admin/listeners`, { headers: { Authorization: `Bearer ${Math.random()}` } })).arrayBuffer();
  });
  churn.often('killed commands', 25, 1, async () => {
    const commands = ['ingest-1', 'ingest-2', 'standalone'].flatMap((name) => fleet.of(name).service.commands);
    if (commands.length > 0) process.kill(anyOf(commands), 'SIGKILL');
  });
  churn.often('members that come and go', 150, 1, async (signal) => {
    const guest = fleet.startGuest();
    await rest(between(10, 40), signal);
    await guest.stop(anyOf(['SIGTERM', 'SIGKILL']));
  });
  churn.often('restarts of NATS', natsRestartSeconds, 1, () => fleet.restartNats());
}

async function call(fleet: Fleet, method: string, path: string, body?: object): Promise<unknown> {
  const headers = { Authorization: `Bearer ${password}`, 'Content-Type': 'application/json' };
  const response = await fetch(`${fleet.urlOf('control')}/admin/${path}`, { method, headers, signal: AbortSignal.timeout(30_000), ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await response.text();
  return response.ok && text !== '' ? JSON.parse(text) : {};
}
