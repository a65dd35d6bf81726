import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { NatsServer } from '../support/nats-server.ts';
import { Weir } from '../support/weir.ts';
import { Chart, pick } from './chart.ts';
import type { KubernetesObject } from './chart.ts';
import { noGo } from './go-tool.ts';

interface Container {
  readonly args: readonly string[];
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: { readonly fieldRef: { readonly fieldPath: string } } }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly readinessProbe: { readonly httpGet: { readonly path: string; readonly port: string } };
  readonly livenessProbe: { readonly httpGet: { readonly path: string; readonly port: string } };
}

/** One Deployment's container as a process on this machine, with ports of its own. */
interface Pod {
  readonly weir: Weir;
  readonly url: string;
  ready(): Promise<number>;
  alive(): Promise<number>;
}

const drainSeconds = 2;
const streams = `
streams:
  tone:
    command: ffmpeg -nostdin -v error -re -f lavfi -i sine=frequency=440 -c:a libmp3lame -flush_packets 1 -f mp3 {out}
    path: /tone.mp3
`;

/** The environment that the chart gives, with what differs on this machine in place of what would be there. */
function environmentOf({ env }: Container, here: Readonly<Record<string, string>>): Record<string, string> {
  const given = Object.fromEntries(env.map(({ name, value, valueFrom }) => [name, value ?? (valueFrom?.fieldRef.fieldPath === 'metadata.name' ? 'pod-1' : '')]));
  for (const name of Object.keys(here)) assert.ok(name in given, `${name} is not in the environment that the chart gives`);
  return { ...given, ...here };
}

async function status(url: string): Promise<number> {
  return fetch(url).then(
    async (response) => {
      await response.text();
      return response.status;
    },
    () => 0,
  );
}

describe('pods of the chart', { skip: noGo }, () => {
  let objects: readonly KubernetesObject[];
  let nats: NatsServer;
  let folder: string;
  const pods = new Map<string, Pod>();

  const start = async (component: string): Promise<void> => {
    const [container] = pick(objects, 'Deployment', `-${component}`).spec.template.spec.containers as readonly [Container];
    const [listen, health] = [await freePort(), await freePort()];
    const environment = environmentOf(container, {
      WEIR_NATS: nats.url,
      WEIR_HEALTH: `127.0.0.1:${health}`,
      ...(component === 'ingest' ? {} : { WEIR_LISTEN: `127.0.0.1:${listen}` }),
      ...(component === 'control' ? { WEIR_CONFIG: join(folder, 'weir.yml') } : {}),
    });
    const probe = ({ httpGet }: Container['readinessProbe']): Promise<number> => {
      assert.ok(container.ports.some(({ name }) => name === httpGet.port), `${httpGet.port} is no port of the container`);
      return status(`http://127.0.0.1:${health}${httpGet.path}`);
    };
    const pod = { weir: new Weir([component], { environment }), url: `http://127.0.0.1:${listen}`, ready: () => probe(container.readinessProbe), alive: () => probe(container.livenessProbe) };
    pods.set(component, pod);
  };
  const podOf = (component: string): Pod => {
    const pod = pods.get(component);
    assert.ok(pod !== undefined);
    return pod;
  };

  before(async () => {
    const chart = await Chart.open();
    folder = await mkdtemp(join(tmpdir(), 'weir-pods-'));
    await writeFile(join(folder, 'values.json'), JSON.stringify({ configuration: streams, edge: { drainSeconds }, test: { path: '/tone.mp3', seconds: 2, timeoutSeconds: 20 } }));
    objects = chart.render('-f', join(folder, 'values.json'));
    await writeFile(join(folder, 'weir.yml'), pick(objects, 'ConfigMap', '-configuration').data?.['weir.yml'] ?? '');
    nats = await NatsServer.start();
    for (const component of ['edge', 'ingest']) await start(component);
  });
  after(async () => {
    await Promise.all([...pods.values()].map(({ weir }) => weir.stop('SIGKILL')));
    await nats.stop();
    await rm(folder, { recursive: true });
  });

  it('are alive before there is a configuration, and edges ready once control has published it', async () => {
    await eventually('the edge is alive', async () => (await podOf('edge').alive()) === 200);
    assert.equal(await podOf('edge').ready(), 503);
    await start('control');
    for (const [component, pod] of pods) await eventually(`${component} is ready`, async () => (await pod.ready()) === 200);
  });

  it('let `helm test` play a stream, and notice one that is not there', async () => {
    const [container] = pick(objects, 'Pod', '-test').spec.containers as readonly [Container];
    const play = (url: string): Promise<{ code: number | null; said: string }> =>
      new Promise((resolve) => {
        const [program = '', ...words] = container.command;
        const child = spawn(program, [...words, ...container.args], { env: { ...process.env, ...environmentOf(container, { URL_TO_PLAY: url }) } });
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

  it('drain as long as the chart says, alive but not ready, and end with 0', async () => {
    const edge = podOf('edge');
    const responses = await Promise.all(Array.from({ length: 4 }, () => fetch(`${edge.url}/tone.mp3`)));
    const started = performance.now();
    const ends = responses.map(async (response) => {
      await response.arrayBuffer();
      return performance.now() - started;
    });
    const stopped = edge.weir.stop('SIGTERM');
    await eventually('it is not ready', async () => (await edge.ready()) === 503);
    assert.equal(await edge.alive(), 200);
    const seconds = (await Promise.all(ends)).map((millis) => millis / 1000).sort((a, b) => a - b);
    assert.ok((seconds.at(-1) ?? 0) >= drainSeconds * 0.9, `listeners ended after ${seconds.join(', ')} s`);
    assert.ok((seconds[0] ?? 0) < (seconds.at(-1) ?? 0) - drainSeconds / 4, `listeners ended after ${seconds.join(', ')} s`);
    const { code, seconds: took } = await stopped;
    assert.equal(code, 0);
    assert.ok(took < (pick(objects, 'Deployment', '-edge').spec.template.spec.terminationGracePeriodSeconds as number));
  });
});
