import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { connectNats, plainAccess } from '@weir/bus';
import type { Bus } from '@weir/bus';
import { checkout } from '../support/checkout.ts';
import { eventually, pause } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { StayingListener } from '../support/listeners.ts';
import { NatsServer } from '../support/nats-server.ts';
import { play } from '../support/player.ts';
import { processesWith } from '../support/processes.ts';
import { newMark, writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

const shipped = join(checkout, 'deploy/nats');
const passwords = { control: 'c-secret', ingest: 'i-secret', edge: 'e-secret', monitor: 'm-secret' };
const environment = Object.fromEntries(Object.entries(passwords).map(([role, password]) => [`WEIR_${role.toUpperCase()}_PASSWORD`, password]));
const login = (server: NatsServer, role: keyof typeof passwords): string => server.url.replace('//', `//${role}:${passwords[role]}@`);
const tone = ['-nostdin', '-v', 'error', '-re', '-f', 'lavfi', '-i', 'sine=frequency=440', '-c:a', 'libmp3lame', '-flush_packets', '1'];

describe('a fleet whose users may do what deploy/nats/permissions.conf says', () => {
  const mark = newMark();
  const services = new Map<string, Weir>();
  let nats: NatsServer;
  let file: string;
  let remove: () => Promise<void>;
  let edge: string;
  let control: string;
  let source: ChildProcess | null = null;

  const start = (instance: string, role: keyof typeof passwords, ...argv: string[]): Weir => {
    const service = new Weir([role, '--instance', instance, ...argv], { environment: { WEIR_NATS: login(nats, role) } });
    services.set(instance, service);
    return service;
  };
  const configuration = (...more: string[]): object => ({
    feeds: {
      tone: { command: ['ffmpeg', ...tone, '-metadata', `comment=${mark}`, '-f', 'mp3', '{out}'] },
      video: { command: 'ffmpeg -nostdin -v error -re -f lavfi -i testsrc2=size=64x48:rate=10 -c:v mjpeg -f mpjpeg {out}' },
      live: { push: '/live/*', source: { password: 'hackme' } },
    },
    streams: {
      tone: { feed: 'tone' },
      video: { feed: 'video' },
      low: { feed: 'tone', on: 'far', encode: 'ffmpeg -v error -i {in} -c:a libmp3lame -b:a 32k -flush_packets 1 -f mp3 {out}' },
      own: { feed: 'tone', client: 'exclusive', encode: 'ffmpeg -v error -i {in} -c:a copy -flush_packets 1 -f mp3 {out}' },
      live: { feed: 'live', path: '/live/*' },
      ...Object.fromEntries(more.map((name) => [name, { feed: 'tone' }])),
    },
  });
  const serves = async (path: string): Promise<boolean> => (await fetch(edge + path, { method: 'HEAD' })).status === 200;
  const owner = (not?: string): Promise<string> =>
    eventually('the feed has an owner', async () => {
      const { feeds } = (await (await fetch(`${control}/stat.json`)).json()) as { feeds: { name: string; owner: string | null; mood: string }[] };
      const feed = feeds.find(({ name }) => name === 'tone');
      return feed?.mood === 'happy' && feed.owner !== not ? feed.owner : null;
    });

  before(async () => {
    ({ file, remove } = await writeConfiguration(configuration()));
    nats = await NatsServer.start({ jetStream: true, configuration: join(shipped, 'secured.conf'), environment });
    // Edges and ingests come before control, as they may: the bucket of configurations is not there yet.
    const pushes = `127.0.0.1:${await freePort()}`;
    start('near', 'ingest', '--listen', pushes);
    start('far', 'ingest', '--labels', 'far');
    edge = await start('edge', 'edge', '--listen', '127.0.0.1:0', '--workers', '2').url();
    await eventually('all wait for control', () => [...services.values()].every(({ output }) => output.includes('waiting for weir control')));
    control = await start('control', 'control', '-f', file, '--listen', '127.0.0.1:0').url();
    await eventually('the configuration is there', () => serves('/tone'));
    await eventually('the ingests have it too', () => ['near', 'far'].every((instance) => services.get(instance)?.output.includes('configuration feeds=')));
    source = spawn('ffmpeg', [...tone, '-f', 'mp3', '-content_type', 'audio/mpeg', `icecast://source:hackme@${pushes}/live/anna`], { stdio: 'ignore' });
  });
  after(async () => {
    source?.kill('SIGKILL');
    await Promise.all([...services.values()].map((service) => service.stop('SIGKILL')));
    await nats.stop();
    await remove();
  });

  it('plays streams, those of encoders on another ingest, of an encoder each and of pushed sources, and gives pictures', async () => {
    await eventually('the pushed source is on', () => serves('/live/anna'));
    const played = await Promise.all(['/tone', '/low', '/own', '/live/anna'].map((path) => play(edge + path, 1)));
    assert.deepEqual(played.map(({ code, complaints, audio }) => [code, complaints, audio > 20]), played.map(() => [0, '', true]), [...services.values()].map(({ output }) => output).join('\n'));
    const picture = await eventually('a picture', async () => {
      const answer = await fetch(`${edge}/video/pic`);
      return answer.ok ? answer : null;
    });
    assert.equal(picture.headers.get('content-type'), 'image/jpeg');
    assert.ok((await picture.arrayBuffer()).byteLength > 500);
  });

  it('takes another configuration', async () => {
    await writeFile(file, JSON.stringify(configuration('second')));
    services.get('control')?.process.kill('SIGHUP');
    await eventually('it is there', () => serves('/second'));
  });

  it('goes on with another ingest when one is killed, and over a restart of NATS', async () => {
    const listener = StayingListener.listen(`${edge}/tone`);
    await eventually('media comes', () => listener.bytes > 0);
    const first = await owner();
    await services.get(first)?.stop('SIGKILL');
    await owner(first);
    const { bytes } = listener;
    await eventually('media comes again', () => listener.bytes > bytes + 10_000);
    await nats.kill();
    await nats.resume();
    const later = listener.bytes;
    await eventually('media comes after the restart', () => listener.bytes > later + 16_000);
    assert.equal(listener.ended, false);
    await writeFile(file, JSON.stringify(configuration('second', 'third')));
    services.get('control')?.process.kill('SIGHUP');
    await eventually('the next configuration is there', () => serves('/third'));
    listener.leave();
    await eventually('the source is gone', () => processesWith(mark).length === 0);
  });

  it('is denied nothing that it needs', () => {
    assert.doesNotMatch(nats.log, /violation/i);
    for (const { output } of services.values()) assert.doesNotMatch(output, /does not let/);
    assert.match(nats.log, /JetStream/);
  });

  it('keeps each user from what is not its own', async () => {
    const forbidden = {
      edge: ['weir.frames.tone', '$KV.weir_config.current', '$JS.API.STREAM.DELETE.KV_weir_config', '$JS.API.STREAM.UPDATE.KV_weir_config', '$JS.API.STREAM.CREATE.KV_weir_config', 'weir.status.ingest.x', 'weir.free.tone', 'weir.sources.x', '$KV.weir_leases.tone', '_INBOX_ingest.x'],
      ingest: ['$KV.weir_config.current', '$JS.API.STREAM.DELETE.KV_weir_config', '$JS.API.STREAM.PURGE.KV_weir_config', '$JS.API.CONSUMER.CREATE.KV_weir_leases', '$JS.API.STREAM.CREATE.KV_weir_leases', '$JS.API.STREAM.CREATE.KV_weir_epochs', '$JS.API.STREAM.UPDATE.KV_weir_leases', 'weir.status.edge.x', '_INBOX_edge.x'],
      control: ['weir.frames.tone', 'weir.demand.tone', '$KV.weir_leases.tone', '$JS.API.STREAM.DELETE.KV_weir_config'],
      monitor: ['weir.demand.tone', 'weir.status.edge.x', '$JS.API.INFO'],
    };
    for (const role of ['edge', 'ingest', 'control', 'monitor'] as const) {
      const user = await connected(nats, role);
      for (const subject of forbidden[role]) user.bus.control.publish(subject, Buffer.from('x'));
      await eventually(`${role} is told of all`, () => user.denied.length >= forbidden[role].length);
      assert.deepEqual(user.denied, forbidden[role].map((subject) => `publish ${subject}`));
      await user.bus.close();
    }
    assert.match(nats.log, /violation/i);
  });

  it('lets an edge tell another that it has room, and nobody else', async () => {
    const [one, other, ingest] = await Promise.all([connected(nats, 'edge'), connected(nats, 'edge'), connected(nats, 'ingest')]);
    const heard: string[] = [];
    one.bus.control.subscribe('weir.room.*', (payload) => heard.push(Buffer.from(payload).toString()));
    await eventually('it is heard', () => {
      other.bus.control.publish('weir.room.other', Buffer.from('here'));
      ingest.bus.control.publish('weir.room.other', Buffer.from('nonsense'));
      return heard.includes('here') && ingest.denied.length > 0;
    });
    assert.deepEqual([heard.includes('nonsense'), one.denied, other.denied, ingest.denied], [false, [], [], ['publish weir.room.other']]);
    await Promise.all([one, other, ingest].map(({ bus }) => bus.close()));
  });

  it('lets an edge ask for a stream', async () => {
    const user = await connected(nats, 'edge');
    user.bus.control.publish('weir.demand.tone', Buffer.from(JSON.stringify({ edge: 'x', listeners: 1 })));
    await pause(200);
    assert.deepEqual(user.denied, []);
    await user.bus.close();
  });
});

/** Someone who has a role's password. */
async function connected(nats: NatsServer, role: keyof typeof passwords): Promise<{ bus: Bus; denied: readonly string[] }> {
  const denied: string[] = [];
  const bus = await connectNats({
    servers: [login(nats, role)],
    access: plainAccess,
    role,
    instance: 'somebody',
    onCallbackError: (error) => assert.fail(String(error)),
    onWaiting: (reason) => assert.fail(reason),
    onWithoutKeyValue: () => {},
    onDenied: (operation, subject) => denied.push(`${operation} ${subject}`),
  });
  return { bus, denied };
}

describe('a permission that is missing', { concurrency: true }, () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-permissions-'));
  });
  after(() => rm(folder, { recursive: true }));

  /** What an edge says when `subject` is taken from what it may do. */
  async function edgeWithout(subject: string, said: RegExp): Promise<Weir> {
    const own = await mkdtemp(join(folder, 'edge-'));
    const text = await readFile(join(shipped, 'permissions.conf'), 'utf8');
    const start = text.indexOf('user: edge');
    assert.ok(text.includes(`"${subject}"`, start));
    await writeFile(join(own, 'permissions.conf'), text.slice(0, start) + text.slice(start).replace(`"${subject}"`, ''));
    for (const name of ['nats.conf', 'secured.conf']) await writeFile(join(own, name), await readFile(join(shipped, name)));
    const nats = await NatsServer.start({ jetStream: true, configuration: join(own, 'secured.conf'), environment });
    const edge = new Weir(['edge', '--nats', login(nats, 'edge'), '--listen', '127.0.0.1:0', '--instance', 'e']);
    try {
      await eventually(`the edge says ${said.source}`, () => said.test(edge.output));
    } finally {
      await Promise.all([edge.stop(), nats.stop()]);
    }
    assert.doesNotMatch(edge.output, /e-secret/);
    return edge;
  }

  it('is told with its subject: what may not be published', async () => {
    const { output } = await edgeWithout('weir.status.edge.*', /ERROR.* NATS does not let this user publish to a subject that this role needs.* subject=weir\.status\.edge\.e/i);
    assert.equal(output.split('does not let').length, 2);
  });

  it('is told with its subject: what may not be subscribed to', async () => {
    await edgeWithout('weir.sources.*', /ERROR.* NATS does not let this user subscribe to a subject that this role needs.* subject=weir\.sources\.\*/i);
  });

  it('is told with its subject: a bucket', async () => {
    const edge = await edgeWithout('$JS.API.STREAM.INFO.KV_weir_config', /NATS does not let this user use the bucket weir\.config: .*"\$JS\.API\.STREAM\.INFO\.KV_weir_config"/);
    assert.equal((await edge.exited).code, 1);
  });
});
