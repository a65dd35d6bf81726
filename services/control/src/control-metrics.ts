import type { FleetStatus, Metrics } from '@weir/telemetry';

/** Tells the fleet's totals as metrics; `status` is looked up for each scrape. */
export function addControlMetrics(metrics: Metrics, status: () => FleetStatus): void {
  metrics.gauge('fleet_listeners', 'Listeners of a stream on all edges, each counted once.', ['stream'], () =>
    status().streams.map((stream) => ({ labels: { stream: stream.name }, value: stream.listeners })),
  );
  metrics.gauge('fleet_producers', 'Feeds and encoders, by mood.', ['kind', 'mood'], () => {
    const counts = new Map<string, number>();
    for (const { kind, mood } of [...status().feeds, ...status().encoders]) counts.set(`${kind} ${mood}`, (counts.get(`${kind} ${mood}`) ?? 0) + 1);
    return [...counts].map(([key, value]) => ({ labels: { kind: key.split(' ')[0] ?? '', mood: key.split(' ')[1] ?? '' }, value }));
  });
  metrics.gauge('fleet_masters', 'Servers whose streams are mirrored, by mood.', ['mood'], () => {
    const { masters } = status();
    return [...new Set(masters.map(({ mood }) => mood))].map((mood) => ({ labels: { mood }, value: masters.filter((master) => master.mood === mood).length }));
  });
  metrics.gauge('fleet_instances', 'Instances that give account of themselves.', ['role'], () => [
    { labels: { role: 'ingest' }, value: status().ingests.length },
    { labels: { role: 'edge' }, value: status().edges.length },
  ]);
}
