import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import type { FleetStatus, StreamStatus } from '@weir/telemetry';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { Icecast } from '../support/icecast.ts';
import { StayingListener } from '../support/listeners.ts';
import { play } from '../support/player.ts';
import { writeConfiguration } from '../support/test-camera.ts';
import { Weir } from '../support/weir.ts';

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

  async status(): Promise<FleetStatus> {
    return (await (await fetch(`${this.url}/stat.json`)).json()) as FleetStatus;
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
      hear(`${master.url}/tone.mp3`, 4000),
      hear(`${slave.url}/tone.mp3`, 3000),
      play(`${slave.url}/tone.mp3`, 2),
      eventually('the slave pulls once', async () => (await slave.stream('/tone.mp3'))?.listeners === 2 && (await master.stream('/tone.mp3'))?.listeners === 2),
    ]);
    assert.deepEqual([played.code, played.complaints, played.audio > 40], [0, '', true]);
    assert.ok(here.length > 8000 && there.includes(here.subarray(4000, 8000)), `${here.length} bytes of the slave are among ${there.length} of the master`);
    await eventually('nobody pulls', async () => (await master.stream('/tone.mp3'))?.listeners === 0);
  });

  it('gets what appears later and loses what is gone, while what plays plays on', async () => {
    const listener = StayingListener.listen(`${slave.url}/tone.mp3`);
    await eventually('media flows', () => listener.bytes > 8000);
    const epoch = async (): Promise<number | null | undefined> => (await slave.status()).feeds.find(({ name }) => name === '/tone.mp3')?.epoch;
    const first = await epoch();
    await master.become({ streams: tones('tone', 'pair', 'late') });
    await eventually('the slave has it', () => slave.stream('/late.mp3'), 5000);
    await master.become({ streams: tones('tone', 'pair') });
    await eventually('the slave has it no more', async () => (await slave.stream('/late.mp3')) === undefined);
    assert.equal((await fetch(`${slave.url}/late.mp3`)).status, 404);
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
    assert.deepEqual((await slave.status()).streams.map(({ path }) => path), ['/pair.mp3', '/tone.mp3']);
    await master.resume();
    const before = alone.bytes;
    await eventually('media flows again', () => alone.bytes > before + 8000);
    assert.deepEqual([alone.ended, paired.ended], [false, false]);
    for (const listener of [alone, paired]) listener.leave();
  });
});
