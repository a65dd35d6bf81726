import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { NatsServer } from '../support/nats-server.ts';
import { processesWith } from '../support/processes.ts';
import { cameraConfiguration, newMark, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

describe('an edge of two workers', () => {
  const instance = newMark();
  let nats: NatsServer;
  let edge: Weir;
  let others: Weir[];
  let url: string;
  let health: string;
  let control: string;
  let remove: () => Promise<void>;
  before(async () => {
    const configuration = await writeConfiguration(cameraConfiguration(newMark()));
    remove = configuration.remove;
    nats = await NatsServer.start();
    health = `http://127.0.0.1:${await freePort()}`;
    const common = ['--nats', nats.url];
    others = [new Weir(['ingest', ...common]), new Weir(['control', ...common, '-f', configuration.file, '--listen', '127.0.0.1:0'])];
    edge = new Weir(['edge', ...common, '--instance', instance, '--workers', '2', '--listen', '127.0.0.1:0', '--health', health.slice(7), '--drain', '0s']);
    [url, control] = await Promise.all([edge.url(), others[1]?.url() ?? '']);
    await eventually('both workers have the configuration', () => (edge.output.match(/ configuration feeds=/g) ?? []).length === 2);
  });
  after(async () => {
    await Promise.all([...others, edge].map((service) => service.stop('SIGKILL')));
    await nats.stop();
    await remove();
  });

  interface Stat {
    readonly listeners: number;
    readonly edges: readonly { readonly instance: string; readonly listeners: number }[];
  }

  const stat = async (from: string): Promise<Stat> => (await (await fetch(`${from}/stat.json`)).json()) as Stat;

  it('shares its listeners out, and tells their sum wherever it is asked', async () => {
    const abort = new AbortController();
    const answers = await Promise.all(Array.from({ length: 10 }, () => fetch(`${url}/camera.ts`, { signal: abort.signal })));
    assert.ok(answers.every(({ status }) => status === 200));
    for (const from of [url, control]) {
      const told = await eventually(`ten listeners at ${from}`, async () => {
        const status = await stat(from);
        return status.listeners === 10 ? status : null;
      });
      assert.deepEqual(told.edges.map((each) => each.instance).sort((a, b) => (a < b ? -1 : 1)), [`${instance}-1`, `${instance}-2`]);
      assert.ok(told.edges.every((each) => each.listeners > 0), JSON.stringify(told.edges));
    }
    await eventually('the metrics tell the sum', async () => /^weir_edge_listeners\{stream="camera"\} 10$/m.test(await (await fetch(`${health}/metrics`)).text()));
    assert.equal((await fetch(`${health}/readyz`)).status, 200);
    abort.abort();
  });

  it('starts a worker that died again, and goes on with the other meanwhile', async () => {
    const pids = (await stat(control)).edges.map((each) => each.instance);
    assert.equal(pids.length, 2);
    const status = (await (await fetch(`${control}/stat.json`)).json()) as { edges: { pid: number }[] };
    const victim = status.edges[0]?.pid ?? 0;
    process.kill(victim, 'SIGKILL');
    await eventually('another process takes its place', async () => {
      const now = (await (await fetch(`${control}/stat.json`)).json()) as { edges: { pid: number }[] };
      return now.edges.length === 2 && now.edges.every(({ pid }) => pid !== victim);
    });
    assert.match(edge.output, /an edge worker has ended/);
    // What the main process had handed to the dead one, and nobody has taken, hears nothing any more: Node tells no other of it.
    await eventually('it answers', async () => (await fetch(`${url}/camera.ts`, { method: 'HEAD', signal: AbortSignal.timeout(3000) }).catch(() => null))?.status === 200);
  });

  it('stops with its workers', async () => {
    const end = await edge.stop();
    assert.equal(end.code, 0);
    assert.deepEqual(processesWith(instance), []);
  });
});
