import { freePort } from '../support/free-port.ts';
import { NatsServer } from '../support/nats-server.ts';
import { eventually } from '../support/eventually.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

/** The token of who administers here. */
export const adminToken = 'correct-horse-battery';

/** The password of who may push to `/push.raw`. */
export const pushPassword = 'secret-of-the-source';

/** A port that strangers may reach. */
export interface Port {
  readonly name: string;
  readonly url: string;
  readonly process: Weir;
  /** A path that is answered 200 to a plain GET. */
  readonly path: string;
}

/** Standalone, and a fleet of one of each: every kind of port that weir opens for HTTP. */
export interface EveryPort {
  readonly ports: readonly Port[];
  readonly close: () => Promise<void>;
}

/** What runs there: a feed for pushes, one whose sound never ends, and a token. */
const configuration = {
  listen: '127.0.0.1:0',
  admin: { token: adminToken },
  feeds: {
    pushed: { push: '/push.raw', source: { password: pushPassword }, format: 'raw' },
    ticking: { command: ['node', '-e', "setInterval(() => process.stdout.write('t'.repeat(64)), 50)"], format: 'raw', active: 'continuous' },
  },
  streams: { pushed: { feed: 'pushed', path: '/pushed.raw' }, ticking: { feed: 'ticking', path: '/ticking.raw' } },
};

/** Starts them all. */
export async function openEveryPort(): Promise<EveryPort> {
  const { file, remove } = await writeConfiguration(configuration);
  const nats = await NatsServer.start();
  const health: string[] = [];
  const processes: Weir[] = [];
  const start = async (argv: readonly string[]): Promise<Weir> => {
    const port = await freePort();
    health.push(`http://127.0.0.1:${port}`);
    const weir = new Weir([...argv, '--health', `127.0.0.1:${port}`]);
    processes.push(weir);
    return weir;
  };
  const fleet = ['--nats', nats.url];
  const ingestPort = await freePort();
  const [standalone, control, ingest, edge] = [
    await start(['up', '-f', file]),
    await start(['control', '-f', file, '--listen', '127.0.0.1:0', ...fleet]),
    await start(['ingest', '--listen', `127.0.0.1:${ingestPort}`, ...fleet]),
    await start(['edge', '--listen', '127.0.0.1:0', ...fleet]),
  ];
  await eventually('all are ready', async () => (await Promise.all(health.map((url) => fetch(`${url}/readyz`).then(({ ok }) => ok, () => false)))).every(Boolean), 30_000);
  const ports: readonly Port[] = [
    { name: 'standalone', url: await standalone.url(), process: standalone, path: '/stat.json' },
    { name: 'control', url: await control.url(), process: control, path: '/stat.json' },
    { name: 'edge', url: await edge.url(), process: edge, path: '/stat.json' },
    { name: 'ingest', url: `http://127.0.0.1:${ingestPort}`, process: ingest, path: '' },
    ...processes.map((process, index): Port => ({ name: `health of ${['standalone', 'control', 'ingest', 'edge'][index] ?? ''}`, url: health[index] ?? '', process, path: '/healthz' })),
  ];
  return {
    ports,
    close: async () => {
      await Promise.all(processes.map((process) => process.stop('SIGKILL')));
      await nats.stop();
      await remove();
    },
  };
}
