import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { StayingListener } from '../support/listeners.ts';
import { NatsServer } from '../support/nats-server.ts';
import { cameraConfiguration, newMark, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

const listenersMax = 2;

describe('edges that are busy', () => {
  let nats: NatsServer;
  let remove: () => Promise<void>;
  const processes: Weir[] = [];
  const edges: { readonly url: string; readonly health: string }[] = [];
  const listeners: StayingListener[] = [];
  before(async () => {
    // At 1 the event loop of a slow machine does not count: what counts is that there is no room.
    const configuration = await writeConfiguration({ ...cameraConfiguration(newMark()), edge: { max_listeners: listenersMax, busy_at: 1 } });
    remove = configuration.remove;
    nats = await NatsServer.start();
    const start = (...words: readonly string[]): Weir => {
      const weir = new Weir([...words, '--nats', nats.url]);
      processes.push(weir);
      return weir;
    };
    start('control', '-f', configuration.file, '--listen', '127.0.0.1:0');
    start('ingest');
    for (const instance of ['one', 'other']) {
      const health = `127.0.0.1:${await freePort()}`;
      edges.push({ url: await start('edge', '--instance', instance, '--listen', '127.0.0.1:0', '--health', health).url(), health: `http://${health}` });
    }
    await fact('both edges are ready', async () => (await readiness()).every(({ status }) => status === 200));
  });
  after(async () => {
    for (const listener of listeners) listener.leave();
    await Promise.all(processes.map((weir) => weir.stop('SIGKILL')));
    await nats.stop();
    await remove();
  });

  /** Waits for it; what all have said tells why it does not come. */
  const fact = <T>(what: string, condition: () => T | Promise<T>): Promise<NonNullable<T>> =>
    eventually(what, condition, 30_000).catch((error: unknown) => {
      throw new Error(processes.map(({ output }) => output).join('\n'), { cause: error });
    });
  const readiness = (): Promise<readonly { status: number; said: string }[]> =>
    Promise.all(
      edges.map(async ({ health }) => {
        const answer = await fetch(`${health}/readyz`);
        return { status: answer.status, said: await answer.text() };
      }),
    );
  const fill = async (edge: number): Promise<void> => {
    const own = Array.from({ length: listenersMax }, () => StayingListener.listen(`${edges[edge]?.url}/camera.mp3`));
    listeners.push(...own);
    await fact('they hear', () => own.every(({ bytes }) => bytes > 0));
  };
  const hear = async (): Promise<void> => {
    const before = listeners.map(({ bytes }) => bytes);
    await fact('all listeners hear on', () => listeners.every(({ bytes }, index) => bytes > (before[index] ?? 0)));
    assert.deepEqual(listeners.filter(({ ended }) => ended), []);
  };

  it('tell balancers so, alive and with their listeners, while another one has room', async () => {
    await fill(0);
    const [full, free] = await fact('the full edge is not ready', async () => {
      const told = await readiness();
      return told[0]?.status === 503 ? told : null;
    });
    assert.match(full?.said ?? '', /^busy: \d+ % of .*, and another edge has room\n$/);
    assert.equal(free?.status, 200);
    assert.equal((await fetch(`${edges[0]?.health}/healthz`)).status, 200);
    assert.match(await (await fetch(`${edges[0]?.health}/metrics`)).text(), /^weir_edge_busy 1$/m);
    await hear();
  });

  it('are all ready when all are busy, so that balancers still have where to send', async () => {
    await fill(1);
    await fact('both are busy', async () => {
      const told = await Promise.all(edges.map(async ({ health }) => (await fetch(`${health}/metrics`)).text()));
      return told.every((text) => /^weir_edge_busy 1$/m.test(text));
    });
    await fact('both are ready', async () => (await readiness()).every(({ status }) => status === 200));
    assert.equal((await fetch(`${edges[0]?.url}/camera.mp3`)).status, 503);
    await hear();
  });
});
