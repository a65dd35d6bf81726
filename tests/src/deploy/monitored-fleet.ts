import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { NatsServer } from '../support/nats-server.ts';
import { cameraConfiguration, newMark, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

/** A fleet in which everything happens that metrics tell of: somebody listens, leaves, finds no room, and a source fails. */
export class MonitoredFleet {
  /** `host:port` of each process's metrics. */
  readonly targets: readonly string[];
  readonly #stop: readonly (() => Promise<unknown>)[];

  private constructor(targets: readonly string[], stop: readonly (() => Promise<unknown>)[]) {
    this.targets = targets;
    this.#stop = stop;
  }

  static async start(): Promise<MonitoredFleet> {
    const camera = cameraConfiguration(newMark()) as { feeds: object; streams: { camera: object } };
    const configuration = await writeConfiguration({
      edge: { max_listeners: 1 },
      masters: [`http://127.0.0.1:${await freePort()}`],
      feeds: { ...camera.feeds, broken: { command: 'false', active: 'continuous', start_timeout: '200ms' } },
      streams: { camera: camera.streams.camera, broken: { feed: 'broken', path: '/broken.mp3' } },
    });
    const nats = await NatsServer.start();
    const targets = await Promise.all(['control', 'ingest', 'edge'].map(async () => `127.0.0.1:${await freePort()}`));
    const common = (index: number): readonly string[] => ['--nats', nats.url, '--health', targets[index] ?? ''];
    const control = new Weir(['control', ...common(0), '-f', configuration.file, '--listen', '127.0.0.1:0']);
    const ingest = new Weir(['ingest', ...common(1)]);
    const edge = new Weir(['edge', ...common(2), '--listen', '127.0.0.1:0']);
    const abort = new AbortController();
    const fleet = new MonitoredFleet(targets, [
      () => Promise.resolve(abort.abort()),
      () => Promise.all([control, ingest, edge].map((service) => service.stop('SIGKILL'))),
      () => nats.stop(),
      configuration.remove,
    ]);
    try {
      await live(await edge.url(), abort.signal);
    } catch (error) {
      await fleet.stop();
      throw error;
    }
    return fleet;
  }

  /** What each process tells, in the order of {@link targets}. */
  metrics(): Promise<readonly string[]> {
    return Promise.all(this.targets.map(async (target) => (await fetch(`http://${target}/metrics`)).text()));
  }

  async stop(): Promise<void> {
    for (const stop of this.#stop) await stop();
  }
}

async function live(edge: string, signal: AbortSignal): Promise<void> {
  await eventually('the edge has its configuration', async () => (await fetch(`${edge}/camera.ts`, { method: 'HEAD' })).status === 200);
  const statusOf = async (path: string): Promise<number> => {
    const response = await fetch(`${edge}${path}`, { signal });
    await response.arrayBuffer();
    return response.status;
  };
  await eventually('the broken stream gives up', async () => (await statusOf('/broken.mp3')) === 503);
  const listen = (): Promise<Response> =>
    eventually('a listener is served', async () => {
      const response = await fetch(`${edge}/camera.ts`, { signal });
      return response.ok ? response : null;
    });
  const leaving = (await listen()).body?.getReader();
  await leaving?.read();
  await leaving?.cancel();
  // This one stays until it is aborted.
  void (await listen()).body?.pipeTo(new WritableStream()).catch(() => {});
  await eventually('a second finds no room', async () => {
    const response = await fetch(`${edge}/camera.ts`, { signal });
    await response.body?.cancel();
    return response.status === 503;
  });
  await eventually('a picture', async () => (await statusOf('/camera.ts/pic')) === 200);
}
