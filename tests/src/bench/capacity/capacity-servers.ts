import { icecastMissing, startIcecast } from '../fan-out/icecast.ts';
import { gathered, nats, serve, startFleet } from '../fan-out/servers.ts';
import type { CapacityServer } from './capacity-server.ts';
import { listenersMax } from './limits.ts';
import { liquidsoap } from './liquidsoap.ts';
import { nginx } from './nginx.ts';

const everything = ['radio', 'video', 'wide-video'] as const;

/** weir four times, then the others. */
export const capacityServers: readonly CapacityServer[] = [
  {
    name: 'serve',
    title: 'weir standalone',
    settings: '`weir serve -`, all defaults, the source over a pipe.',
    lateness: 'delay',
    streams: everything,
    missing: () => serve.missing(),
    start: (bench, { played }) => serve.start(bench, played),
  },
  {
    name: 'gathered',
    title: 'weir standalone, `gather: 60ms`',
    settings: '`weir up` with `gather: 60ms`: three frames of MP3 leave together.',
    lateness: 'delay',
    streams: ['radio'],
    missing: () => gathered.missing(),
    start: (bench, { played }) => gathered.start(bench, played),
  },
  {
    name: 'nats',
    title: 'weir over NATS',
    settings: "`weir edge` on the server's core; `weir ingest`, `weir control` and nats-server, as shipped, on the other one. CPU and memory are the sum of the four.",
    lateness: 'delay',
    streams: everything,
    missing: () => nats.missing(),
    start: (bench, { played }) => nats.start(bench, played),
  },
  {
    name: 'workers',
    title: 'weir over NATS, 2 workers',
    settings: "The same with `weir edge --workers 2`: three processes on the server's one core, which shows what workers cost, not what a second core gives.",
    lateness: 'delay',
    streams: everything,
    missing: () => nats.missing(),
    start: (bench, { played }) => startFleet(bench, played, ['--workers', '2']),
  },
  {
    name: 'icecast',
    title: 'icecast2',
    settings: 'The packaged configuration (burst on connect of 64 KiB) with `<clients>` raised and a `<queue-size>` of 4 MiB, so that it drops nobody early; `curl -T` is the source.',
    lateness: 'delay',
    streams: everything,
    missing: icecastMissing,
    start: (bench, { played }) => startIcecast(bench, played, { clients: listenersMax() + 100, queueBytes: 4 * 1024 * 1024 }),
  },
  liquidsoap,
  nginx,
];
