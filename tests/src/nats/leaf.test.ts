import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkout } from '../support/checkout.ts';
import { eventually, pause } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { Line } from '../support/line.ts';
import { StayingListener } from '../support/listeners.ts';
import { NatsServer } from '../support/nats-server.ts';
import { play } from '../support/player.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

const passwords = { WEIR_CONTROL_PASSWORD: 'c', WEIR_INGEST_PASSWORD: 'i', WEIR_EDGE_PASSWORD: 'e', WEIR_MONITOR_PASSWORD: 'm' };

describe('an edge at a leaf node', () => {
  const services: Weir[] = [];
  const tone = 'ffmpeg -nostdin -v error -re -f lavfi -i sine=frequency=300 -c:a libmp3lame -flush_packets 1 -f mp3 {out}';
  const configuration = (...streams: string[]): object => ({ feeds: { tone: { command: tone } }, streams: Object.fromEntries(streams.map((name) => [name, { feed: 'tone' }])) });
  let folder: string;
  let hub: NatsServer;
  let leaf: NatsServer;
  let line: Line;
  let file: string;
  let remove: () => Promise<void>;
  let control: Weir;
  let edge: string;
  let listener: StayingListener;

  const start = (...argv: string[]): Weir => {
    const service = new Weir(argv);
    services.push(service);
    return service;
  };
  const serves = async (stream: string): Promise<boolean> => (await fetch(`${edge}/${stream}`, { method: 'HEAD' })).status === 200;
  const publish = async (...streams: string[]): Promise<void> => {
    await writeFile(file, JSON.stringify(configuration(...streams)));
    control.process.kill('SIGHUP');
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-geo-'));
    await cp(join(checkout, 'deploy'), folder, { recursive: true });
    const [leafs, way] = [await freePort(), await freePort()];
    // Told of the hub's own port, the leaf node would go around the line.
    const hubFile = join(folder, 'geo/hub.conf');
    await writeFile(hubFile, (await readFile(hubFile, 'utf8')).replace('"0.0.0.0:7422"', `"127.0.0.1:${leafs}"\n  advertise: "127.0.0.1:${way}"`));
    ({ file, remove } = await writeConfiguration(configuration('tone')));
    line = new Line(way, leafs);
    line.cut();
    leaf = await NatsServer.start({ jetStream: false, configuration: join(folder, 'geo/leaf.conf'), environment: { WEIR_HUB: `nats-leaf://edge:e@127.0.0.1:${way}` } });
    hub = await NatsServer.start({ jetStream: true, configuration: hubFile, environment: passwords });
    edge = await start('edge', '--nats', leaf.url, '--nats-domain', 'hub', '--instance', 'far', '--listen', '127.0.0.1:0').url();
  });
  after(async () => {
    listener?.leave();
    await Promise.all(services.map((service) => service.stop('SIGKILL')));
    line.close();
    await Promise.all([leaf.stop(), hub.stop()]);
    await remove();
    await rm(folder, { recursive: true });
  });

  it('plays a stream of an ingest at the hub, though it was there before the hub could be reached', async () => {
    const to = (user: string, password: string): readonly string[] => ['--nats', hub.url.replace('//', `//${user}:${password}@`)];
    start('ingest', ...to('ingest', 'i'));
    control = start('control', ...to('control', 'c'), '-f', file, '--listen', '127.0.0.1:0');
    line.mend();
    await eventually('the configuration is there', () => serves('tone'));
    const { code, complaints, audio } = await play(`${edge}/tone`, 1);
    assert.deepEqual([code, complaints, audio > 20], [0, '', true]);
  });

  it('is seen by control', async () => {
    const url = await control.url();
    await eventually('it is there', async () => {
      const { edges } = (await (await fetch(`${url}/stat.json`)).json()) as { edges: { instance: string }[] };
      return edges.some(({ instance }) => instance === 'far');
    });
  });

  it('keeps its listeners while the hub cannot be reached for five seconds, and has what was published meanwhile', async () => {
    listener = StayingListener.listen(`${edge}/tone`);
    await eventually('media comes', () => listener.bytes > 10_000);
    line.cut();
    await publish('tone', 'second');
    // As long as JetStream remembers who watches and cannot be reached.
    await pause(5000);
    assert.equal(await serves('second'), false);
    const { bytes } = listener;
    line.mend();
    await eventually('media comes again', () => listener.bytes > bytes + 10_000);
    await eventually('the new configuration is there', () => serves('second'), 30_000);
    assert.equal(listener.ended, false);
  });

  it('has what is published later', async () => {
    await publish('tone', 'second', 'third');
    await eventually('it is there', () => serves('third'));
  });

  it('is denied nothing at the hub', () => {
    assert.doesNotMatch(hub.log + leaf.log, /violation/i);
    assert.match(hub.log, /Leafnode connection created/i);
  });
});
