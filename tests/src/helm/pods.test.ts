import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually, pause } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { StayingListener } from '../support/listeners.ts';
import { NatsServer } from '../support/nats-server.ts';
import { Chart, pick, valuesFiles } from './chart.ts';
import type { KubernetesObject } from './chart.ts';
import { noGo } from './go-tool.ts';
import { environmentOf, Pod } from './pod.ts';
import type { Cluster, Container } from './pod.ts';

const drainSeconds = 4;
const tone = ['-nostdin', '-v', 'error', '-re', '-f', 'lavfi', '-i', 'sine=frequency=440', '-c:a', 'libmp3lame', '-flush_packets', '1', '-f', 'mp3'];
const secrets = {
  users: { control: 'cSecret', ingest: 'iSecret', edge: 'eSecret', monitor: 'mSecret' },
  admin: { token: 'correct-horse-battery' },
  signing: { key: '0123456789abcdef0123456789abcdef' },
};
const values = {
  configuration: {
    feeds: { studio: { push: '/studio.mp3', source: { password: 'hackme' } } },
    streams: { tone: { command: ['ffmpeg', ...tone, '{out}'], path: '/tone.mp3' }, radio: { feed: 'studio', path: '/radio.mp3' } },
  },
  prefix: 'live',
  nats: { auth: { existingSecret: 'users', prefix: 'live' } },
  admin: { existingSecret: 'admin' },
  configurationKey: { existingSecret: 'signing' },
  edge: { drainSeconds, preStopSeconds: 1 },
  ingest: { args: ['--labels', 'studio'], preStopSeconds: 1 },
  test: { path: '/tone.mp3', seconds: 2, timeoutSeconds: 20 },
};

describe('pods of the chart', { skip: noGo }, () => {
  let chart: Chart;
  let cluster: Cluster;
  let nats: NatsServer;
  let folder: string;
  const pods = new Map<string, Pod>();

  const start = async (component: string): Promise<void> => {
    pods.set(component, await Pod.start(component, cluster));
  };
  const podOf = (component: string): Pod => pods.get(component) ?? assert.fail(component);
  const output = (): string => [...pods].map(([component, { weir }]) => `${component}:\n${weir.output}`).join('\n');
  /** Waits for it; what the pods have said tells why it does not come. */
  const fact = <T>(what: string, condition: () => T | Promise<T>): Promise<NonNullable<T>> =>
    eventually(what, condition, 30_000).catch((cause: unknown) => {
      throw new Error(output(), { cause });
    });
  /** What Kubernetes does: sleeps as preStop says, then SIGTERM, and in the end SIGKILL, which must not be needed. */
  const terminate = async (pod: Pod): Promise<void> => {
    const sleepSeconds = pod.container.lifecycle?.preStop.sleep.seconds ?? 0;
    await pause(sleepSeconds * 1000);
    assert.equal(await pod.ready(), 200, 'it is ready as long as preStop sleeps');
    const { code, signal, seconds } = await pod.weir.stop('SIGTERM');
    assert.deepEqual([code, signal], [0, null], pod.weir.output);
    assert.ok(sleepSeconds + seconds < pod.graceSeconds, `${sleepSeconds} + ${seconds} s of ${pod.graceSeconds}`);
  };

  before(async () => {
    chart = await Chart.open();
    folder = await mkdtemp(join(tmpdir(), 'weir-pods-'));
    await writeFile(join(folder, 'values.json'), JSON.stringify(values));
    const objects = chart.render('-f', join(folder, 'values.json'));
    nats = await startNats(objects, folder);
    const here = (given: Readonly<Record<string, string>>): Record<string, string> => ({ WEIR_NATS: (given['WEIR_NATS'] ?? '').replace('rel-nats:4222', `127.0.0.1:${nats.port}`) });
    cluster = { objects, secrets, folder, here };
    for (const component of ['edge', 'ingest']) await start(component);
  });
  after(async () => {
    await Promise.all([...pods.values()].map(({ weir }) => weir.stop('SIGKILL')));
    await nats.stop();
    await rm(folder, { recursive: true });
  });

  it('are alive before there is a configuration, and ready once control has published it', async () => {
    for (const component of ['edge', 'ingest']) {
      await fact(`${component} is alive`, async () => (await podOf(component).alive()) === 200);
      assert.equal(await podOf(component).started(), 200);
    }
    assert.equal(await podOf('edge').ready(), 503);
    await start('control');
    for (const [component, pod] of pods) await fact(`${component} is ready`, async () => (await pod.ready()) === 200);
    for (const { weir } of pods.values()) assert.doesNotMatch(weir.output, /NATS does not let/);
  });

  it('let `helm test` play a stream, and notice one that is not there', async () => {
    const [container] = pick(cluster.objects, 'Pod', '-test').spec.containers as readonly [Container];
    const play = (url: string): Promise<{ code: number | null; said: string }> =>
      new Promise((resolve) => {
        const [program = '', ...words] = container.command ?? [];
        const child = spawn(program, [...words, ...(container.args ?? [])], { env: { ...process.env, ...environmentOf(container, secrets), URL_TO_PLAY: url } });
        let said = '';
        for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text));
        child.once('close', (code) => resolve({ code, said }));
      });
    const good = await play(`${podOf('edge').url}/tone.mp3`);
    assert.equal(good.code, 0, good.said);
    assert.match(good.said, /audio\/mpeg, \d{4,} bytes in 2 s/);
    const bad = await play(`${podOf('edge').url}/nonsuch.mp3`);
    assert.equal(bad.code, 1);
    assert.match(bad.said, /answered 404/);
  });

  it('take what sources push to the port of ingests, for who knows the password', async () => {
    const address = podOf('ingest').addresses.get('http');
    assert.equal((await fetch(`http://${address}/studio.mp3`, { method: 'PUT', body: 'x' })).status, 401);
    const source = spawn('ffmpeg', [...tone, '-content_type', 'audio/mpeg', `icecast://source:hackme@${address}/studio.mp3`], { stdio: 'ignore' });
    try {
      const listener = StayingListener.listen(`${podOf('edge').url}/radio.mp3`);
      await fact('the pushed source is heard', () => listener.bytes > 0);
      listener.leave();
    } finally {
      source.kill('SIGKILL');
    }
  });

  it('let whoever has the token of the Secret administer, and nobody else', async () => {
    const ask = async (token: string): Promise<number> => (await fetch(`${podOf('control').url}/admin/listeners`, { headers: { Authorization: `Bearer ${token}` } })).status;
    assert.deepEqual([await ask(secrets.admin.token), await ask('another-token')], [200, 401]);
  });

  it('tell what the chart scales edges by', async () => {
    const [trigger] = pick(chart.render('-f', valuesFiles.get('keda') ?? ''), 'ScaledObject', '-edge').spec.triggers as readonly [{ readonly metadata: { readonly query: string } }];
    const names = trigger.metadata.query.match(/weir_\w+/g) ?? [];
    assert.deepEqual(names, ['weir_edge_listeners']);
    const told = await (await fetch(`${podOf('edge').health}/metrics`)).text();
    for (const name of names) assert.match(told, new RegExp(`^${name}\\{`, 'm'));
  });

  it('drain an edge as long as the chart says, alive but not ready, taking nobody new, and end with 0', async () => {
    const edge = podOf('edge');
    const responses = await Promise.all(Array.from({ length: 4 }, () => fetch(`${edge.url}/tone.mp3`)));
    assert.deepEqual(responses.map(({ status }) => status), [200, 200, 200, 200]);
    const started = performance.now();
    const ends = responses.map(async (response) => {
      await response.arrayBuffer();
      return (performance.now() - started) / 1000;
    });
    const ended = terminate(edge);
    await fact('it is not ready', async () => (await edge.ready()) === 503);
    assert.equal(await edge.alive(), 200);
    assert.equal((await fetch(`${edge.url}/tone.mp3`)).status, 503);
    const seconds = (await Promise.all(ends)).sort((a, b) => a - b);
    const last = seconds.at(-1) ?? 0;
    assert.ok(last >= drainSeconds * 0.9, `listeners ended after ${seconds.join(', ')} s`);
    assert.ok((seconds[0] ?? 0) < last - drainSeconds / 4, `listeners ended after ${seconds.join(', ')} s`);
    await ended;
  });

  for (const component of ['ingest', 'control']) {
    it(`end ${component} with 0 in its time`, () => terminate(podOf(component)));
  }
});

/** A nats-server with the configuration and the users that the chart gives its own. */
async function startNats(objects: readonly KubernetesObject[], folder: string): Promise<NatsServer> {
  const [container] = pick(objects, 'StatefulSet', '-nats').spec.template.spec.containers as readonly [Container];
  const conf = pick(objects, 'ConfigMap', '-nats').data?.['nats.conf'] ?? '';
  const configuration = join(folder, 'nats.conf');
  await writeFile(configuration, conf.replace('/var/run/nats', folder));
  return NatsServer.start({ jetStream: true, configuration, environment: environmentOf(container, secrets), argv: ['-m', String(await freePort())] });
}
