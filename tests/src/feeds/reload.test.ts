import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually, pause } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { NatsServer } from '../support/nats-server.ts';
import { processesWith } from '../support/processes.ts';
import { StampReader } from '../support/stamp.ts';
import { newMark } from '../support/test-camera.ts';
import { runWeir, Weir, weirCommand } from '../support/weir.ts';

const mark = newMark();
let folder: string;
let media: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-reload-'));
  media = join(folder, `${mark}.ts`);
  const video = ['-f', 'lavfi', '-i', 'testsrc2=size=192x108:rate=25', '-t', '4', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-b:v', '300k', '-g', '12', '-bf', '0'];
  assert.equal(spawnSync('ffmpeg', ['-v', 'error', ...video, '-f', 'mpegts', media]).status, 0);
});
after(() => rm(folder, { recursive: true, force: true }));

/** Counts its packets: what is lost on the way, or another run of the command, shows. */
const command = (bitsPerSecond = 400_000): string[] => [process.execPath, join(import.meta.dirname, '../support/programs/stamper.js'), media, String(bitsPerSecond), '25'];

/** A stream of a feed of its own. */
const stream = (name: string, changes: object = {}): Record<string, object> => ({ [name]: { command: command(), path: `/${name}.ts`, ...changes } });

const configuration = (...streams: readonly object[]): string => JSON.stringify({ listen: '127.0.0.1:0', streams: Object.assign({}, ...streams) as object }, null, 2);

/** Puts a file in the place of another, as editors and configuration management do. */
async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

/** A listener that counts what it hears, and what it misses. */
class Ear {
  heard = 0;
  ended = false;
  readonly #stamps = new StampReader();
  readonly #abort = new AbortController();

  static async at(url: string): Promise<Ear> {
    const ear = new Ear();
    const response = await fetch(url, { signal: ear.#abort.signal });
    assert.equal(response.status, 200);
    void ear.#listen(response.body);
    await ear.hears();
    return ear;
  }

  get gaps(): number {
    return this.#stamps.gaps;
  }

  /** Waits for a second's worth of what comes from now on. */
  async hears(): Promise<void> {
    const before = this.heard;
    await eventually('media flows', () => this.heard > before + 25);
  }

  leave(): void {
    this.#abort.abort();
  }

  async #listen(body: ReadableStream<Uint8Array> | null): Promise<void> {
    try {
      for await (const bytes of body ?? []) this.#stamps.read(bytes, () => this.heard++);
    } catch {
      // Cut off, or it has left.
    }
    this.ended = true;
  }
}

const head = async (url: string): Promise<number> => (await fetch(url, { method: 'HEAD' })).status;

interface Told {
  readonly disconnected: number;
  readonly interrupted: number;
  readonly rows: readonly { readonly name: string; readonly kind: string; readonly happens: string; readonly listeners: number; readonly disconnected: number }[];
}

async function plan(file: string, url: string): Promise<{ code: number | null; told: Told }> {
  const { code, output } = await runWeir(['plan', '-f', file, '--url', url, '--json']);
  return { code, told: JSON.parse(output) as Told };
}

const before1 = (): string => configuration(stream('steady'), stream('changing'), stream('leaving'));
const after1 = (): string => configuration(stream('steady'), stream('changing', { title: 'New' }), stream('coming'));

/** Changes one stream, removes another and adds a third under listeners; `status` tells of what runs at `url`. */
async function changeUnderListeners(file: string, url: string, status: string): Promise<Ear> {
  const [steady, changing, leaving] = await Promise.all(['steady', 'changing', 'leaving'].map((name) => Ear.at(`${url}/${name}.ts`)));
  assert.ok(steady !== undefined && changing !== undefined && leaving !== undefined);
  const next = `${file}.planned`;
  await writeFile(next, after1());
  const { told } = await eventually('the plan sees the listeners', async () => {
    const planned = await plan(next, status);
    return planned.code === 2 && planned.told.disconnected === 1 && planned.told.rows.every(({ name, listeners }) => name === 'coming' || listeners === 1) ? planned : null;
  });
  assert.equal(told.interrupted, 0);
  assert.deepEqual(
    told.rows.filter(({ kind }) => kind === 'stream').map(({ name, happens, disconnected }) => [name, happens, disconnected]),
    [['steady', 'unchanged', 0], ['changing', 'changes', 0], ['coming', 'starts', 0], ['leaving', 'stops', 1]],
  );
  await replace(file, after1());
  await eventually('listeners of what is gone are disconnected', () => leaving.ended);
  await eventually('what is new is served', async () => (await head(`${url}/coming.ts`)) === 200);
  assert.equal(await head(`${url}/leaving.ts`), 404);
  (await Ear.at(`${url}/coming.ts`)).leave();
  for (const stays of [steady, changing]) {
    await stays.hears();
    assert.deepEqual([stays.ended, stays.gaps], [false, 0]);
  }
  changing.leave();
  await eventually('the plan finds nothing more to do', async () => (await plan(file, status)).code === 0);
  return steady;
}

describe('reloading weir up', () => {
  let weir: Weir;
  let url: string;
  let file: string;
  let steady: Ear;
  before(async () => {
    file = join(folder, 'weir.yml');
    await writeFile(file, before1());
    weir = new Weir(['up', '-f', file]);
    url = await weir.url();
  });
  after(() => weir.stop('SIGKILL'));

  it('takes a file that another takes the place of: what did not change is not touched', async () => {
    steady = await changeUnderListeners(file, url, url);
    assert.match(weir.output, /reloading the configuration because="a file that changed" started=2 stopped=2 changed=1 restarted=0 unchanged=3\n/);
    assert.match(weir.output, /stream changing: changed by=title\n/);
  });

  it('refuses what has mistakes, and everything goes on', async () => {
    await replace(file, configuration(stream('steady', { feed: 'nothing' }), stream('more')));
    await eventually('it is refused', () => /the new configuration is refused[^]*error weir: \S*weir\.yml:\d+:\d+ streams\.steady/.test(weir.output));
    await steady.hears();
    assert.deepEqual([steady.ended, steady.gaps], [false, 0]);
    assert.deepEqual(await Promise.all(['coming', 'more'].map((name) => head(`${url}/${name}.ts`))), [200, 404]);
    await replace(file, after1());
    assert.equal((await plan(file, url)).code, 0);
  });

  it('leaves a listener connected whose feed alone is another', async () => {
    const next = JSON.stringify({ listen: '127.0.0.1:0', feeds: { steady: { command: command(), active: '1s' } }, streams: { steady: { feed: 'steady', path: '/steady.ts' }, ...stream('coming') } });
    await writeFile(`${file}.planned`, next);
    const { code, told } = await plan(`${file}.planned`, url);
    assert.deepEqual([code, told.disconnected, told.interrupted], [2, 0, 1]);
    await replace(file, next);
    await eventually('it has another source', () => steady.gaps > 0);
    await steady.hears();
    assert.equal(steady.ended, false);
    steady.leave();
  });

  it('stops everything that it has ever started', async () => {
    assert.equal((await weir.stop()).code, 0);
    assert.deepEqual(processesWith(mark), []);
  });
});

describe('SIGHUP', () => {
  it('reloads weir up, which does not look by itself with --no-watch', async () => {
    const file = join(folder, 'signal.yml');
    await writeFile(file, configuration(stream('a')));
    const weir = new Weir(['up', '-f', file, '--no-watch']);
    const url = await weir.url();
    await writeFile(file, configuration(stream('a'), stream('b')));
    await pause(3500);
    assert.equal(await head(`${url}/b.ts`), 404);
    weir.process.kill('SIGHUP');
    await eventually('it has reloaded', async () => (await head(`${url}/b.ts`)) === 200);
    assert.match(weir.output, /reloading the configuration because="a signal"/);
    assert.equal((await weir.stop()).code, 0);
  });

  it('stops weir serve, which has no file', async () => {
    const weir = new Weir(['serve', '--listen', '127.0.0.1:0', media]);
    await weir.url();
    assert.equal((await weir.stop('SIGHUP')).code, 0);
  });

  it('stops weir up when its terminal is closed', async () => {
    const file = join(folder, `${mark}-terminal.yml`);
    await writeFile(file, configuration(stream('a')));
    const terminal = spawn('script', ['-qfc', `exec ${process.execPath} ${weirCommand} up -f ${file}`, '/dev/null'], { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    await eventually('it runs', () => / listening url=/.test(output));
    terminal.kill('SIGKILL');
    await eventually('it has stopped', () => processesWith(`${mark}-terminal`).length === 0);
  });
});

describe('weir plan', () => {
  it('says that nothing runs where nobody answers', async () => {
    const file = join(folder, 'nothing.yml');
    await writeFile(file, configuration(stream('a')));
    const url = `http://127.0.0.1:${await freePort()}`;
    const { code, output } = await runWeir(['plan', '-f', file, '--url', url]);
    assert.equal(code, 69);
    assert.match(output, /nothing runs as far as can be seen/);
    assert.match(output, /\na +stream +0 +starts\n/);
    const json = spawnSync(process.execPath, [weirCommand, 'plan', '-f', file, '--url', url, '--json'], { encoding: 'utf8' });
    assert.equal((JSON.parse(json.stdout) as { url: null }).url, null);
  });
});

describe('reloading one tree', () => {
  const streams = Array.from({ length: 10 }, (_, index) => `s${index}`);
  const listenersEach = 20;
  const tree = (changed: object): string =>
    JSON.stringify({
      listen: '127.0.0.1:0',
      feeds: { cam: { command: command(120_000) } },
      streams: Object.fromEntries(streams.map((name) => [name, { feed: 'cam', path: `/${name}.ts`, encode: ['cat'], ...(name === 's3' ? changed : {}) }])),
    });
  let weir: Weir;
  after(() => weir.stop('SIGKILL'));

  it('starts the one encoder again that has changed, as the plan says, and nothing else', async () => {
    const file = join(folder, 'tree.yml');
    await writeFile(file, tree({}));
    weir = new Weir(['up', '-f', file, '--no-watch']);
    const url = await weir.url();
    const pids = async (): Promise<Record<string, number>> => {
      const { feeds, encoders } = (await (await fetch(`${url}/stat.json`)).json()) as Record<'feeds' | 'encoders', { name: string; pid: number }[]>;
      return Object.fromEntries([...feeds, ...encoders].map(({ name, pid }) => [name, pid]));
    };
    const ears = await Promise.all(streams.flatMap((name) => Array.from({ length: listenersEach }, async () => ({ name, ear: await Ear.at(`${url}/${name}.ts`) }))));
    const was = await pids();
    await eventually('all are counted', async () => ((await (await fetch(`${url}/stat.json`)).json()) as { listeners: number }).listeners === ears.length);
    await writeFile(file, tree({ encode: ['cat', '-'] }));
    const { told } = await plan(file, url);
    assert.deepEqual([told.disconnected, told.interrupted, told.rows.filter(({ happens }) => happens !== 'unchanged').map(({ name }) => name)], [0, listenersEach, ['s3']]);
    weir.process.kill('SIGHUP');
    const now = await eventually('the encoder is another', async () => {
      const next = await pids();
      return next['s3'] !== was['s3'] && next['s3'] !== null ? next : null;
    });
    assert.deepEqual({ ...now, s3: 0 }, { ...was, s3: 0 });
    await Promise.all(ears.map(({ ear }) => ear.hears()));
    assert.deepEqual(ears.filter(({ ear }) => ear.ended), []);
    assert.deepEqual(ears.filter(({ name, ear }) => name !== 's3' && ear.gaps > 0), []);
    for (const { ear } of ears) ear.leave();
  });
});

describe('reloading a fleet', () => {
  let nats: NatsServer;
  let services: Weir[];
  let control: Weir;
  let url: string;
  let status: string;
  let file: string;
  let steady: Ear;
  before(async () => {
    file = join(folder, 'fleet.yml');
    await writeFile(file, before1());
    nats = await NatsServer.start();
    const common = ['--nats', nats.url];
    control = new Weir(['control', ...common, '-f', file, '--listen', '127.0.0.1:0']);
    const edge = new Weir(['edge', ...common, '--listen', '127.0.0.1:0', '--drain', '0s']);
    services = [new Weir(['ingest', ...common]), edge, control];
    [url, status] = await Promise.all([edge.url(), control.url()]);
    await eventually('the configuration is there', async () => (await head(`${url}/steady.ts`)) === 200);
  });
  after(async () => {
    await Promise.all(services.map((service) => service.stop('SIGKILL')));
    await nats.stop();
  });

  it('takes the difference from control to ingest and edge: what did not change is not touched', async () => {
    steady = await changeUnderListeners(file, url, status);
    const asked = await runWeir(['plan', '-f', file, '--url', url]);
    assert.equal(asked.code, 69);
    assert.match(asked.output, /is an edge, .* ask weir control/);
  });

  it('refuses what has mistakes, and reloads by SIGHUP', async () => {
    await replace(file, 'streams: {');
    await eventually('it is refused', () => control.output.includes('the new configuration is refused'));
    assert.equal(await head(`${url}/coming.ts`), 200);
    await writeFile(file, configuration(stream('steady'), stream('signalled')));
    control.process.kill('SIGHUP');
    await eventually('it has reloaded', async () => (await head(`${url}/signalled.ts`)) === 200);
    await steady.hears();
    assert.deepEqual([steady.ended, steady.gaps], [false, 0]);
  });

  it('publishes what changed while NATS was away, once it is back', async () => {
    await nats.kill();
    await replace(file, configuration(stream('steady'), stream('late')));
    await eventually('it notices', () => /stream late: started/.test(control.output));
    await pause(1000);
    await nats.resume();
    await eventually('it has reloaded', async () => (await head(`${url}/late.ts`)) === 200, 30_000);
    await steady.hears();
    assert.equal(steady.ended, false);
    steady.leave();
  });

  it('stops everything that it has ever started', async () => {
    const ends = await Promise.all(services.map((service) => service.stop()));
    assert.deepEqual(ends.map(({ code }) => code), [0, 0, 0]);
    assert.deepEqual(processesWith(mark), []);
  });
});
