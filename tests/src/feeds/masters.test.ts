import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { Icecast } from '../support/icecast.ts';
import { StayingListener } from '../support/listeners.ts';
import { NatsServer } from '../support/nats-server.ts';
import { play } from '../support/player.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

/** What of a status is looked at. */
interface Status {
  readonly deployment: string;
  readonly settings?: object;
  readonly listeners: number;
  readonly streams: readonly StreamStatus[];
  readonly feeds: readonly { readonly name: string; readonly epoch: number | null }[];
  readonly masters: readonly { readonly url: string; readonly mood: string; readonly software: string | null; readonly streams: number }[];
}

interface StreamStatus {
  readonly path: string;
  readonly feed: string;
  readonly listeners: number;
  readonly mirror?: { readonly of: readonly string[]; readonly via: readonly string[] };
}

async function statusOf(url: string): Promise<Status> {
  return (await (await fetch(`${url}/stat.json`)).json()) as Status;
}

const tone = 'ffmpeg -nostdin -v error -re -f lavfi -i sine=frequency=440 -c:a libmp3lame -b:a 64k -flush_packets 1 -f mp3 {out}';

/** Named `stream` for its path `/stream.mp3`. */
function tones(...names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, { command: tone, path: `/${name}.mp3` }]));
}

/** A weir on a port of its own, whose configuration may change and which may die and come back. */
class Server {
  readonly url: string;
  readonly #listen: string;
  readonly #file: string;
  readonly #remove: () => Promise<void>;
  weir: Weir;

  private constructor(port: number, file: string, remove: () => Promise<void>) {
    this.#listen = `127.0.0.1:${port}`;
    this.url = `http://${this.#listen}`;
    this.#file = file;
    this.#remove = remove;
    this.weir = this.#spawn();
  }

  static async start(configuration: object, port?: number): Promise<Server> {
    const { file, remove } = await writeConfiguration(configuration);
    const server = new Server(port ?? (await freePort()), file, remove);
    await server.weir.url();
    return server;
  }

  /** Another configuration, while it runs. */
  async become(configuration: object): Promise<void> {
    await writeFile(this.#file, JSON.stringify(configuration));
    this.weir.process.kill('SIGHUP');
  }

  async kill(): Promise<void> {
    await this.weir.stop('SIGKILL');
  }

  async resume(): Promise<void> {
    this.weir = this.#spawn();
    await this.weir.url();
  }

  status(): Promise<Status> {
    return statusOf(this.url);
  }

  async stream(path: string): Promise<StreamStatus | undefined> {
    return (await this.status()).streams.find((stream) => stream.path === path);
  }

  async stop(): Promise<void> {
    await this.kill();
    await this.#remove();
  }

  #spawn(): Weir {
    return new Weir(['up', '-f', this.#file, '--listen', this.#listen, '--no-watch']);
  }
}

/** As much as comes in so many milliseconds. */
async function hear(url: string, millis: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  const response = await fetch(url, { signal: AbortSignal.timeout(millis) });
  assert.equal(response.status, 200);
  try {
    for await (const part of response.body ?? []) parts.push(part);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
  return Buffer.concat(parts);
}

describe('masters: a weir', () => {
  let master: Server;
  let second: Server;
  let slave: Server;
  before(async () => {
    [master, second] = await Promise.all([Server.start({ streams: tones('tone', 'pair') }), Server.start({ streams: tones('pair', 'hidden') })]);
    slave = await Server.start({ masters: [{ url: master.url, refresh: '1s' }, { url: second.url, paths: '/p*', refresh: '1s' }] });
  });
  after(() => Promise.all([master, second, slave].map((server) => server.stop())));

  it('has its streams at once, named by nobody, and nobody pulls them', async () => {
    const { streams, masters } = await slave.status();
    assert.deepEqual(streams.map(({ path, mirror }) => [path, mirror?.of]), [
      ['/pair.mp3', [`${master.url}/pair.mp3`, `${second.url}/pair.mp3`]],
      ['/tone.mp3', [`${master.url}/tone.mp3`]],
    ]);
    assert.deepEqual(masters.map(({ url, mood, software, streams: count }) => [url, mood, software, count]), [[master.url, 'happy', 'weir', 2], [second.url, 'happy', 'weir', 1]]);
    assert.equal((await master.status()).listeners, 0);
  });

  it('gives the same bytes, pulled once and only while somebody listens', async () => {
    const [there, here, played] = await Promise.all([
      hear(`${master.url}/tone.mp3`, 3000),
      hear(`${slave.url}/tone.mp3`, 2200),
      play(`${slave.url}/tone.mp3`, 2),
      eventually('the slave pulls once', async () => (await slave.stream('/tone.mp3'))?.listeners === 2 && (await master.stream('/tone.mp3'))?.listeners === 2),
    ]);
    assert.deepEqual([played.code, played.complaints, played.audio > 40], [0, '', true]);
    assert.ok(here.length > 8000 && there.includes(here.subarray(4000, 8000)), `${here.length} bytes of the slave are among ${there.length} of the master`);
    await eventually('nobody pulls', async () => (await master.stream('/tone.mp3'))?.listeners === 0);
  });

  it('gets what appears later, while what plays plays on', async () => {
    const listener = StayingListener.listen(`${slave.url}/tone.mp3`);
    await eventually('media flows', () => listener.bytes > 8000);
    const epoch = async (): Promise<number | null | undefined> => (await slave.status()).feeds.find(({ name }) => name === '/tone.mp3')?.epoch;
    const first = await epoch();
    await master.become({ streams: tones('tone', 'pair', 'late') });
    await eventually('the slave has it', () => slave.stream('/late.mp3'), 5000);
    assert.deepEqual([await epoch(), listener.ended], [first, false]);
    listener.leave();
  });

  it('keeps streams and listeners while a master is dead, takes the other where there is one, and plays again after its return', async () => {
    const [alone, paired] = ['/tone.mp3', '/pair.mp3'].map((path) => StayingListener.listen(`${slave.url}${path}`));
    assert.ok(alone !== undefined && paired !== undefined);
    await eventually('media flows', () => alone.bytes > 8000 && paired.bytes > 8000);
    await master.kill();
    await eventually('the master is sad', async () => (await slave.status()).masters[0]?.mood === 'sad');
    await eventually('the other master gives', async () => (await second.stream('/pair.mp3'))?.listeners === 1);
    const heard = paired.bytes;
    await eventually('media flows from it', () => paired.bytes > heard + 8000);
    assert.deepEqual((await slave.status()).streams.map(({ path }) => path), ['/late.mp3', '/pair.mp3', '/tone.mp3']);
    await master.resume();
    const before = alone.bytes;
    await eventually('media flows again', () => alone.bytes > before + 8000);
    assert.deepEqual([alone.ended, paired.ended], [false, false]);
    for (const listener of [alone, paired]) listener.leave();
  });
});

describe('masters: an Icecast', () => {
  let icecast: Icecast;
  let slave: Server;
  let sender: ChildProcess | undefined;
  before(async () => {
    icecast = await Icecast.start();
    const withLogin = icecast.url.replace('//', '//admin:hackme@');
    slave = await Server.start({ masters: [{ url: icecast.url, refresh: '1s' }, { url: withLogin, prefix: '/list', refresh: '1s' }] });
  });
  after(async () => {
    sender?.kill('SIGKILL');
    await slave.stop();
    await icecast.stop();
  });

  it('is asked without its sources and with them, by its page and by its list, and its password is told to nobody', async () => {
    const told = async (): Promise<object> => (await slave.status()).masters.map(({ url, mood, software, streams }) => [url, mood, software, streams]);
    await eventually('both have answered', async () => (await slave.status()).masters.every(({ mood }) => mood !== 'waking'));
    assert.deepEqual(await told(), [[icecast.url, 'happy', 'icecast', 0], [icecast.url, 'happy', 'icecast', 0]]);
    sender = spawn('ffmpeg', [...tone.split(' ').slice(1, -1), '-content_type', 'audio/mpeg', `icecast://source:hackme@127.0.0.1:${icecast.port}/one.mp3`], { stdio: 'ignore' });
    await eventually('both ways show it', async () => (await slave.status()).streams.length === 2);
    assert.deepEqual((await slave.status()).streams.map(({ path, mirror }) => [path, mirror]), ['/list/one.mp3', '/one.mp3'].map((path) => [path, { of: [`${icecast.url}/one.mp3`], via: [] }]));
    const played = await Promise.all(['/one.mp3', '/list/one.mp3'].map((path) => play(`${slave.url}${path}`, 1)));
    for (const { code, complaints, audio } of played) assert.deepEqual([code, complaints, audio > 20], [0, '', true]);
    await eventually('nobody pulls', async () => (await icecast.listeners('/one.mp3')) === 0);
    const texts = [slave.weir.output, JSON.stringify(await slave.status()), await (await fetch(`${slave.url}/stat`)).text()];
    for (const text of texts) assert.equal(text.includes('hackme'), false);
  });
});

describe('masters: a server that means harm', () => {
  const bad = ['', '/', '//x', '/../etc', '/a/./b', '/a/../b', '/a\r\nSet-Cookie: x', '/a\u0000', '/\u001b[31m', '/*', '/>', '/a b', '/a?b', '/%2e%2e', '/stat', '/stream/x', '/admin/x', '/x.m3u', '/é', `/${'x'.repeat(5000)}`, '__proto__', 'toString'];
  const paths = [...bad.slice(2), 7, null, {}, [], '/good.mp3', '/good.mp3', '/own.mp3'];
  const stream = (path: unknown, via: unknown = []): object => ({ path, mirror: { of: [], via } });
  const status = (streams: readonly unknown[], more: object = {}): string => JSON.stringify({ name: 'weir', version: 1, deployment: 'evil', streams, ...more });
  const documents: Readonly<Record<string, (response: ServerResponse) => void>> = {
    '/hostile/stat.json': (response) => response.end(status([...paths.map((path) => stream(path)), ...['\n', 7, { length: 9 }, '../x'].map((via, index) => stream(`/via${index}`, [via])), stream('/far', Array(99).fill('x')), null, 5])),
    '/many/stat.json': (response) => response.end(status(Array.from({ length: 3000 }, (_, index) => stream(`/${index}`)))),
    '/nested/stat.json': (response) => response.end('['.repeat(1_000_000)),
    '/other/stat.json': (response) => response.end(status([], { deployment: '../\n' })),
    '/circle/stat.json': (response) => response.writeHead(302, { Location: '/circle/stat.json' }).end(),
    '/endless/stat.json': (response) => {
      const more = (): void => {
        while (response.writable && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more).on('error', () => {});
      more();
    },
  };
  const server = createServer((request, response) => (documents[request.url ?? ''] ?? ((unknown) => unknown.writeHead(404).end()))(response));
  let slave: Server;
  let url: string;
  before(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const masters = ['hostile', 'many', 'nested', 'other', 'circle', 'endless', 'nothing'].map((name) => ({ url: `${url}/${name}`, prefix: name === 'hostile' ? '/' : `/${name}` }));
    slave = await Server.start({ masters, streams: { own: { command: tone, path: '/own.mp3' } } });
  });
  after(async () => {
    await slave.stop();
    server.closeAllConnections();
    server.close();
  });

  it('gives what can be served, and no more of it than is bounded', async () => {
    await eventually('all have been asked', async () => (await slave.status()).masters.every(({ mood }) => mood !== 'waking'));
    const { streams, masters } = await eventually('all is mirrored', async () => {
      const now = await slave.status();
      return now.streams.length > 900 ? now : null;
    });
    assert.deepEqual(masters.map(({ mood, streams: count }) => [mood, count]), [['happy', 2], ['happy', 1000], ['sad', 0], ['sad', 0], ['sad', 0], ['sad', 0], ['sad', 0]]);
    const mirrored = streams.filter(({ mirror }) => mirror !== undefined).map(({ path }) => path);
    assert.equal(mirrored.length, 999, 'a thousand, but for the one that the configuration has itself');
    assert.deepEqual(mirrored.filter((path) => !/^\/many\/\d+$/.test(path)), ['/good.mp3']);
    assert.deepEqual(streams.find(({ path }) => path === '/own.mp3')?.feed, 'own');
    const { code, audio } = await play(`${slave.url}/own.mp3`, 1);
    assert.deepEqual([code, audio > 20], [0, true]);
  });

  it('is told of in lines that it cannot write itself', () => {
    assert.doesNotMatch(slave.weir.output, /[^\n\x20-\x7e\xa0-\uffff]|^(?!\d{4}-)./m);
  });
});

describe('masters: weirs that mirror each other', () => {
  let one: Server;
  let other: Server;
  before(async () => {
    const ports = await Promise.all([freePort(), freePort()]);
    const [first = '', second = ''] = ports.map((port) => `http://127.0.0.1:${port}`);
    one = await Server.start({ masters: [{ url: second, refresh: '1s' }], streams: tones('own') }, ports[0]);
    other = await Server.start({ masters: [{ url: first, refresh: '1s' }], streams: tones('theirs') }, ports[1]);
  });
  after(() => Promise.all([one, other].map((server) => server.stop())));

  it('have each other\'s streams, and those that end are gone from both, a listener or not', async () => {
    await eventually('both have both', async () => (await one.stream('/theirs.mp3')) && (await other.stream('/own.mp3')));
    const listener = StayingListener.listen(`${other.url}/own.mp3`);
    await eventually('media flows', () => listener.bytes > 8000);
    assert.equal((await one.stream('/own.mp3'))?.mirror, undefined);
    await one.become({ masters: [{ url: other.url, refresh: '1s' }], streams: tones('else') });
    await eventually('the first has it no more, nor gets it back', async () => (await one.status()).streams.map(({ path }) => path).join() === '/else.mp3,/theirs.mp3');
    listener.leave();
    await eventually('the other has it no more', async () => (await other.status()).streams.map(({ path }) => path).join() === '/theirs.mp3,/else.mp3');
    assert.deepEqual([await one.stream('/own.mp3'), (await fetch(`${other.url}/own.mp3`)).status], [undefined, 404]);
  });
});

describe('masters: over NATS', () => {
  let nats: NatsServer;
  let master: Server;
  let remove: () => Promise<void>;
  let control: Weir;
  const members: Weir[] = [];
  let startControl: () => Promise<string>;
  before(async () => {
    [nats, master] = await Promise.all([NatsServer.start(), Server.start({ streams: tones('tone') })]);
    const configuration = await writeConfiguration({ masters: [{ url: master.url, refresh: '1s' }] });
    remove = configuration.remove;
    startControl = () => {
      control = new Weir(['control', '--nats', nats.url, '-f', configuration.file, '--listen', '127.0.0.1:0']);
      return control.url();
    };
  });
  after(async () => {
    await Promise.all([...members, control].map((weir) => weir.stop('SIGKILL')));
    await master.stop();
    await nats.stop();
    await remove();
  });

  it('a fleet mirrors, and goes on when control is killed and back while the master is dead', async () => {
    const statusUrl = await startControl();
    members.push(new Weir(['ingest', '--nats', nats.url]), new Weir(['edge', '--nats', nats.url, '--listen', '127.0.0.1:0']));
    const url = (await members[1]?.url()) ?? '';
    await eventually('the edge has the stream', async () => (await fetch(`${url}/tone.mp3`, { method: 'HEAD' })).status === 200);
    const listener = StayingListener.listen(`${url}/tone.mp3`);
    await eventually('media flows', () => listener.bytes > 8000);
    const [{ deployment }, edge] = await Promise.all([statusOf(statusUrl), statusOf(url)]);
    assert.equal(edge.deployment, deployment);
    await control.stop('SIGKILL');
    await master.kill();
    const againUrl = await startControl();
    const again = await eventually('control has published again', async () => {
      const now = await statusOf(againUrl);
      return now.settings === undefined ? null : now;
    });
    assert.deepEqual([again.deployment, again.streams.map(({ path }) => path), again.masters.map(({ mood }) => mood)], [deployment, ['/tone.mp3'], ['sad']]);
    await master.resume();
    const heard = listener.bytes;
    await eventually('media flows again', () => listener.bytes > heard + 8000);
    assert.equal(listener.ended, false);
    listener.leave();
  });
});
