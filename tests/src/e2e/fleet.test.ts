import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { eventually, pause } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { NatsServer } from '../support/nats-server.ts';
import { processesWith } from '../support/processes.ts';
import { cameraConfiguration, newMark, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';
import { joinAtRandom } from './join-at-random.ts';

describe('fleet over NATS', () => {
  const mark = newMark();
  let nats: NatsServer;
  let services: Weir[];
  let edges: string[];
  let control: string;
  let remove: () => Promise<void>;
  before(async () => {
    const configuration = await writeConfiguration(cameraConfiguration(mark));
    remove = configuration.remove;
    nats = await NatsServer.start();
    const common = ['--nats', nats.url];
    // Edges and ingest come before control, as they may.
    const [ingest, one, two] = [
      new Weir(['ingest', ...common, '--instance', 'ingest-1']),
      new Weir(['edge', ...common, '--instance', 'edge-1', '--listen', '127.0.0.1:0']),
      new Weir(['edge', ...common, '--instance', 'edge-2', '--listen', '127.0.0.1:0']),
    ];
    services = [ingest, one, two];
    edges = await Promise.all([one.url(), two.url()]);
    await eventually('they wait for control', () => services.every((service) => service.output.includes('waiting for weir control')));
    assert.equal((await fetch(`${edges[0]}/camera.ts`)).status, 503);
    assert.equal((await fetch(`${edges[0]}/stat`)).status, 200);
    const controlService = new Weir(['control', ...common, '-f', configuration.file, '--listen', '127.0.0.1:0']);
    services.push(controlService);
    control = await controlService.url();
    for (const edge of edges) await eventually(`${edge} has the configuration`, async () => (await fetch(`${edge}/camera.ts`, { method: 'HEAD' })).status === 200);
  });
  after(async () => {
    await Promise.all(services.map((service) => service.stop('SIGKILL')));
    await nats.stop();
    await remove();
  });

  it('plays TS, MP3 and MPJPEG from two edges to ffmpeg, from one camera process, joining at random moments', async () => {
    const counts = new Set<number>();
    const watch = setInterval(() => counts.add(processesWith(mark).length), 100);
    await joinAtRandom((join) => edges[join % 2] ?? '').finally(() => clearInterval(watch));
    assert.ok(counts.has(1) && Math.max(...counts) === 1, `processes seen at once: ${[...counts].join(', ')}`);
    await eventually('the camera is gone', () => processesWith(mark).length === 0, 2000);
  });

  it('shows the fleet on control', async () => {
    const abort = new AbortController();
    const bodies = await Promise.all(edges.map((edge) => fetch(`${edge}/camera.ts`, { signal: abort.signal })));
    assert.equal(bodies.length, 2);
    const stat = await eventually('each edge has its listener and the camera is happy', async () => {
      const status = (await (await fetch(`${control}/stat.json`)).json()) as {
        listeners: number;
        feeds: { name: string; owner: string; mood: string }[];
        edges: { instance: string; listeners: number }[];
      };
      // What is told once a second may still be of the test before.
      const settled = status.edges.every(({ listeners }) => listeners === 1) && status.feeds[0]?.mood === 'happy';
      return settled ? status : null;
    });
    assert.equal(stat.listeners, 2);
    assert.deepEqual(stat.edges.map(({ instance }) => instance), ['edge-1', 'edge-2']);
    assert.deepEqual(stat.feeds.map(({ name, owner, mood }) => [name, owner, mood]), [['camera', 'ingest-1', 'happy']]);
    assert.equal((await fetch(`${control}/stat`)).status, 200);
    abort.abort();
  });

  it('keeps its listeners over a restart of NATS', async () => {
    const response = await fetch(`${edges[0]}/camera.ts`);
    const reader = response.body?.getReader();
    assert.ok(reader !== undefined);
    let bytes = 0;
    let ended = false;
    const reading = (async () => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        bytes += value.length;
      }
      ended = true;
    })();
    await eventually('media flows', () => bytes > 50_000);
    await nats.kill();
    await pause(1500);
    await nats.resume();
    const before = bytes;
    await eventually('media flows again', () => bytes > before + 50_000, 20_000);
    assert.equal(ended, false);
    assert.equal(processesWith(mark).length, 1);
    await reader.cancel();
    await reading;
  });

  it('stops the camera of a listener who left while NATS was away', async () => {
    await eventually('the camera is gone', () => processesWith(mark).length === 0, 3000);
    const response = await eventually('this edge is back on the bus too', async () => {
      const answer = await fetch(`${edges[1]}/camera.ts`);
      return answer.ok ? answer : null;
    });
    const reader = response.body?.getReader();
    await reader?.read();
    await nats.kill();
    await reader?.cancel();
    await pause(500);
    const running = processesWith(mark).length;
    await nats.resume();
    assert.equal(running, 1);
    // Sooner than the ingest would have forgotten an edge that says nothing.
    await eventually('the camera is gone', () => processesWith(mark).length === 0, 3000);
  });

  it('keeps playing without control, and a service that starts then finds the configuration', async () => {
    const stopped = await services[3]?.stop();
    assert.equal(stopped?.code, 0);
    const late = new Weir(['edge', '--nats', nats.url, '--instance', 'edge-3', '--listen', '127.0.0.1:0']);
    services.push(late);
    const url = await late.url();
    await eventually('it has the configuration', async () => (await fetch(`${url}/camera.mp3`, { method: 'HEAD' })).status === 200);
    const response = await fetch(`${url}/camera.mp3`);
    assert.equal(response.headers.get('content-type'), 'audio/mpeg');
    await response.body?.cancel();
  });

  it('tells that it is alive, and not ready, while it waits for NATS', async () => {
    const health = `127.0.0.1:${await freePort()}`;
    const waiting = new Weir(['edge', '--nats', `nats://127.0.0.1:${await freePort()}`, '--health', health, '--listen', '127.0.0.1:0']);
    await eventually('it is alive', async () => (await fetch(`http://${health}/healthz`).catch(() => null))?.status === 200);
    const ready = await fetch(`http://${health}/readyz`);
    assert.deepEqual([ready.status, await ready.text()], [503, 'waiting for NATS\n']);
    assert.match(await (await fetch(`http://${health}/metrics`)).text(), /^weir_bus_connected 0$/m);
    assert.equal((await waiting.stop()).code, 0);
  });

  it('stops cleanly: every service exits with 0 and no process is left', async () => {
    await eventually('the camera is gone', () => processesWith(mark).length === 0, 5000);
    const ends = await Promise.all(services.filter((service) => service.process.exitCode === null).map((service) => service.stop()));
    assert.deepEqual(ends.map(({ code }) => code), ends.map(() => 0));
    assert.ok(ends.every(({ seconds }) => seconds < 2), JSON.stringify(ends));
  });
});
