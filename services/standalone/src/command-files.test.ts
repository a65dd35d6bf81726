import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import test from 'node:test';
import { RotatedFile } from '@weir/telemetry';
import { CommandFiles } from './command-files.ts';

test('command files: however many feeds there have been, few are open, and none loses a line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weir-commands-'));
  const files = new CommandFiles(join(folder, 'commands'), (path) => new RotatedFile(path, { onFault: (reason) => assert.fail(reason) }));
  const descriptors = async (): Promise<number> => (await readdir('/proc/self/fd')).length;
  const texts = async (): Promise<readonly string[]> => Promise.all((await readdir(join(folder, 'commands'))).map((name) => readFile(join(folder, 'commands', name), 'utf8')));
  const before = await descriptors();
  for (const round of ['first', 'second']) {
    for (let feed = 0; feed < 300; feed++) files.write(`feed cam-${feed}`, round);
    const settled = async (): Promise<boolean> => (await texts()).filter((text) => text.endsWith(` ${round}\n`)).length === 300 && (await descriptors()) - before < 220;
    for (let looks = 0; looks < 100 && !(await settled()); looks++) await new Promise((resolve) => setTimeout(resolve, 200));
    assert.ok(await settled(), `${(await texts()).length} files, ${await descriptors()} descriptors, ${before} before`);
  }
  await files.close();
  assert.deepEqual((await texts()).filter((text) => !/^.* first\n.* second\n$/.test(text)), []);
  await rm(folder, { recursive: true });
});

test('command files: those of feeds that are gone are closed, and what comes later goes on in them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weir-commands-'));
  const closed: string[] = [];
  class Watched extends RotatedFile {
    readonly path: string;
    constructor(path: string) {
      super(path, { onFault: (reason) => assert.fail(reason) });
      this.path = path;
    }
    override close(): Promise<void> {
      closed.push(basename(this.path));
      return super.close();
    }
  }
  let millis = 0;
  const files = new CommandFiles(folder, (path) => new Watched(path), () => millis);
  files.write('feed old', 'one');
  for (millis = 10_000; millis <= 120_000; millis += 10_000) files.write('feed cam', 'one');
  assert.deepEqual(closed, ['feed-old.log']);
  files.write('feed old', 'two');
  await files.close();
  assert.deepEqual(closed.sort(), ['feed-cam.log', 'feed-old.log', 'feed-old.log']);
  assert.match(await readFile(join(folder, 'feed-old.log'), 'utf8'), /^.* one\n.* two\n$/);
  await rm(folder, { recursive: true });
});
