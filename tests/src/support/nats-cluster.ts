import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { NatsServer } from './nats-server.ts';

interface StreamDetail {
  readonly name: string;
  readonly cluster?: { readonly leader?: string; readonly replicas?: readonly { readonly current: boolean }[] };
}

interface JetStreamReport {
  readonly meta_cluster?: { readonly leader?: string };
  readonly account_details?: readonly { readonly stream_detail?: readonly StreamDetail[] }[];
}

/** Real nats-servers in one cluster, with JetStream, with the configuration that weir ships. They tell clients nothing of each other. */
export class NatsCluster {
  readonly nodes: readonly NatsServer[];
  readonly #monitors: readonly number[];

  private constructor(nodes: readonly NatsServer[], monitors: readonly number[]) {
    this.nodes = nodes;
    this.#monitors = monitors;
  }

  /** Resolves when a leader is elected. */
  static async start(size = 3): Promise<NatsCluster> {
    const ports = await freePorts(size * 2);
    const [routes, monitors] = [ports.slice(0, size), ports.slice(size)];
    const urls = routes.map((port) => `nats://127.0.0.1:${port}`);
    const nodes = await Promise.all(
      urls.map((url, index) => {
        const cluster = ['--cluster_name', 'weir', '--cluster', url, '--routes', urls.join(','), '--no_advertise'];
        return NatsServer.start({ jetStream: true, argv: ['--name', nameOf(index), ...cluster, '-m', String(monitors[index])] });
      }),
    );
    const cluster = new NatsCluster(nodes, monitors);
    await cluster.elected();
    return cluster;
  }

  /** Until some node says who leads. */
  async elected(timeoutMillis = 60_000): Promise<void> {
    await eventually('the cluster has a leader', async () => (await this.#ask((report) => report.meta_cluster?.leader)) !== null, timeoutMillis);
  }

  /** Who leads the cluster, or one bucket's copies. */
  async leader(bucket?: string): Promise<NatsServer> {
    const name = await eventually('there is a leader', () => this.#ask((report) => (bucket === undefined ? report.meta_cluster?.leader : streamOf(report, bucket)?.cluster?.leader)), 60_000);
    const node = this.nodes[Number(name.slice(1))];
    if (node === undefined) throw new Error(`no node is called ${name}`);
    return node;
  }

  /** Servers that keep the bucket and are up to date, as the one that leads it has it. */
  async copies(bucket: string): Promise<number> {
    const leader = this.nodes.indexOf(await this.leader(bucket));
    const stream = await this.#ask((report) => streamOf(report, bucket), this.#monitors.slice(leader, leader + 1));
    return 1 + (stream?.cluster?.replicas?.filter(({ current }) => current).length ?? 0);
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }

  /** The first answer of a node; null when none has one. */
  async #ask<T>(read: (report: JetStreamReport) => T | undefined, monitors = this.#monitors): Promise<T | null> {
    for (const port of monitors) {
      const answer = await fetch(`http://127.0.0.1:${port}/jsz?streams=1&config=1`, { signal: AbortSignal.timeout(2000) }).catch(() => null);
      const found = answer?.ok === true ? read((await answer.json()) as JetStreamReport) : undefined;
      if (found !== undefined && found !== '') return found;
    }
    return null;
  }
}

function nameOf(index: number): string {
  return `n${index}`;
}

function streamOf(report: JetStreamReport, bucket: string): StreamDetail | undefined {
  return report.account_details?.flatMap(({ stream_detail: streams = [] }) => streams).find(({ name }) => name === `KV_${bucket}`);
}

/** All at once, so that none is given twice. */
async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await freePort());
  return [...ports];
}
