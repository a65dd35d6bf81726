import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import type { TestContext } from 'node:test';
import { loadConfiguration } from '@weir/config';
import type { Configuration } from '@weir/config';
import { Reloader } from './reloader.ts';

const text = (...streams: string[]): string => `streams:\n${streams.map((name) => `  ${name}: { command: [cat, ${name}] }\n`).join('')}`;

/** A reloader over a folder of its own, not watching by itself: `look` is its second hand. */
class Bench {
  readonly folder: string;
  readonly file: string;
  readonly lines: string[] = [];
  /** Names of the streams of each configuration that was applied. */
  readonly applied: string[] = [];
  readonly reloader: Reloader;
  apply: (configuration: Configuration) => Promise<void> = () => Promise.resolve();

  constructor(context: TestContext, arrange: (folder: string) => string = () => 'weir.yml') {
    this.folder = mkdtempSync(join(tmpdir(), 'weir-reloader-'));
    writeFileSync(join(this.folder, 'weir.yml'), text('a'));
    this.file = join(this.folder, arrange(this.folder));
    const say = (level: string) => (message: string, fields: object = {}) => void this.lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
    const logger = { error: say('error'), warn: say('warn'), info: say('info'), debug: say('debug'), child: () => logger };
    this.reloader = new Reloader(loadConfiguration([this.file], {}), { paths: [this.file], environment: {}, logger, uses: { listen: true, tls: true } });
    this.reloader.start(async (configuration) => {
      await this.apply(configuration);
      this.applied.push(Object.keys(configuration.streams).join(' '));
    }, false);
    context.after(() => {
      this.reloader.close();
      rmSync(this.folder, { recursive: true });
    });
  }

  /** Writes and looks until it has settled. */
  async write(name: string, content: string): Promise<void> {
    writeFileSync(join(this.folder, name), content);
    await this.looks(3);
  }

  async looks(count: number): Promise<void> {
    for (let look = 0; look < count; look++) {
      this.reloader.look();
      await settled();
    }
  }

  count(start: string): number {
    return this.lines.filter((line) => line.startsWith(start)).length;
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('reloader: applies a file that has changed, once it stands still', async (context) => {
  const bench = new Bench(context);
  await bench.looks(3);
  assert.deepEqual(bench.applied, []);
  writeFileSync(bench.file, text('a', 'b'));
  await bench.looks(1);
  writeFileSync(bench.file, text('a', 'b', 'c'));
  await bench.looks(1);
  assert.deepEqual(bench.applied, []);
  await bench.looks(3);
  assert.deepEqual(bench.applied, ['a b c']);
});

test('reloader: notices a file that another takes the place of, of the same length and time', async (context) => {
  const bench = new Bench(context);
  const other = join(bench.folder, 'other');
  writeFileSync(other, text('b'));
  for (const path of [bench.file, other]) utimesSync(path, 1e9, 1e9);
  await bench.looks(3);
  renameSync(other, bench.file);
  await bench.looks(3);
  assert.deepEqual(bench.applied, ['b']);
});

test('reloader: notices the swap of a link to a directory, as Kubernetes mounts a ConfigMap', async (context) => {
  const bench = new Bench(context, (folder) => {
    mkdirSync(join(folder, 'mount'));
    for (const [version, streams] of [['1', 'a'], ['2', 'z']] as const) {
      mkdirSync(join(folder, 'mount', `..${version}`));
      writeFileSync(join(folder, 'mount', `..${version}`, 'weir.yml'), text(streams));
    }
    symlinkSync('..1', join(folder, 'mount', '..data'));
    symlinkSync('..data/weir.yml', join(folder, 'mount', 'weir.yml'));
    return 'mount';
  });
  symlinkSync('..2', join(bench.folder, 'mount', '..new'));
  renameSync(join(bench.folder, 'mount', '..new'), join(bench.folder, 'mount', '..data'));
  await bench.looks(3);
  assert.deepEqual(bench.applied, ['z']);
});

test('reloader: notices files that come and go in a directory', async (context) => {
  const bench = new Bench(context, (folder) => {
    mkdirSync(join(folder, 'parts'));
    writeFileSync(join(folder, 'parts', '1.yml'), text('a'));
    writeFileSync(join(folder, 'weir.yml'), 'include: parts\n');
    return 'weir.yml';
  });
  await bench.write('parts/2.yml', text('b'));
  unlinkSync(join(bench.folder, 'parts', '1.yml'));
  await bench.looks(3);
  assert.deepEqual(bench.applied, ['a b', 'b']);
});

test('reloader: refuses what has mistakes, tells each once, with its place, and takes it when it is mended', async (context) => {
  const bench = new Bench(context);
  await bench.write('weir.yml', 'streams: { a: { feed: nothing } }');
  await bench.write('weir.yml', 'streams: { a: { feed: nothing } } ');
  assert.deepEqual(bench.applied, []);
  assert.equal(bench.count('error the new configuration is refused'), 1);
  assert.match(bench.lines.join('\n'), /^error .*weir\.yml:1:23 streams\.a\.feed: no feed named "nothing"/m);
  bench.reloader.reload();
  await settled();
  assert.equal(bench.count('error the new configuration is refused'), 2, 'who asks is answered');
  await bench.write('weir.yml', text('b'));
  assert.deepEqual(bench.applied, ['b']);
  await bench.write('weir.yml', 'streams: { a: { feed: nothing } }');
  assert.equal(bench.count('error the new configuration is refused'), 3);
});

test('reloader: notices when what is included since then is mended, or comes', async (context) => {
  const bench = new Bench(context);
  await bench.write('new.yml', 'streams: {');
  await bench.write('weir.yml', `include: [new.yml, later.yml]\n${text('a')}`);
  await bench.write('new.yml', text('b'));
  assert.equal(bench.count('error the new configuration is refused'), 2);
  await bench.write('later.yml', text('c'));
  assert.deepEqual(bench.applied, ['a b c']);
});

test('reloader: keeps the old configuration while the file is away', async (context) => {
  const bench = new Bench(context);
  unlinkSync(bench.file);
  await bench.looks(3);
  assert.equal(bench.count('error the new configuration is refused'), 1);
  await bench.write('weir.yml', text('a'));
  assert.deepEqual(bench.applied, [], 'it is as it was');
  await bench.write('weir.yml', text('a', 'b'));
  assert.deepEqual(bench.applied, ['a b']);
});

test('reloader: is silent about a file that was only touched, and answers a signal that finds nothing', async (context) => {
  const bench = new Bench(context);
  utimesSync(bench.file, 1e9, 1e9);
  await bench.looks(3);
  assert.deepEqual([bench.applied, bench.count('info')], [[], 0]);
  bench.reloader.reload();
  await settled();
  assert.deepEqual([bench.applied, bench.count('info the configuration is as it was')], [[], 1]);
});

test('reloader: reloads one at a time, and what was asked meanwhile once more', async (context) => {
  const bench = new Bench(context);
  let release = (): void => {};
  let running = 0;
  bench.apply = async () => {
    assert.equal(++running, 1);
    await new Promise<void>((resolve) => (release = resolve));
    running--;
  };
  writeFileSync(bench.file, text('b'));
  bench.reloader.reload();
  writeFileSync(bench.file, text('c'));
  for (let asked = 0; asked < 5; asked++) bench.reloader.reload();
  for (let turn = 0; turn < 3; turn++) {
    release();
    await settled();
  }
  assert.deepEqual(bench.applied, ['b', 'c']);
});

test('reloader: tries again, with the old one too, after it could not be applied', async (context) => {
  const bench = new Bench(context);
  bench.apply = () => Promise.reject(new Error('no bus'));
  await bench.write('weir.yml', text('b'));
  assert.equal(bench.count('error the configuration could not be applied'), 1);
  bench.apply = () => Promise.resolve();
  await bench.write('weir.yml', text('a'));
  assert.deepEqual(bench.applied, ['a']);
});

test('reloader: tells of twenty changes and counts the others, and says that listen and tls wait', async (context) => {
  const bench = new Bench(context);
  await bench.write('weir.yml', `listen: 127.0.0.1:1\ntls: { cert_file: a, key_file: b }\n${text('a', ...Array.from({ length: 30 }, (_, index) => `s${index}`))}`);
  assert.equal(bench.count('info feed s') + bench.count('info stream s'), 20);
  assert.equal(bench.count('info and more feeds and streams {"count":40}'), 1);
  assert.equal(bench.count('info reloading the configuration {"because":"a file that changed","started":60,"stopped":0,"changed":0,"restarted":0,"unchanged":2}'), 1);
  assert.deepEqual([bench.count('warn listen has changed'), bench.count('warn tls has changed')], [1, 1]);
});

test('reloader: does not wait for a pipe that was read already', async (context) => {
  const bench = new Bench(context);
  unlinkSync(bench.file);
  assert.equal(spawnSync('mkfifo', [bench.file]).status, 0);
  bench.reloader.reload();
  await bench.looks(3);
  assert.equal(bench.count('warn the configuration cannot be read again'), 1);
  assert.deepEqual(bench.applied, []);
});
