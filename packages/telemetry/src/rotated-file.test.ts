import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileCheckMillis, waitingBytesMax } from './limits.ts';
import { RotatedFile } from './rotated-file.ts';

describe('rotated file', () => {
  let folder: string;
  let path: string;
  let faults: string[];
  const onFault = (reason: string): void => void faults.push(reason);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'weir-file-'));
    path = join(folder, 'access.log');
    faults = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const read = (name = path): string => readFileSync(name, 'utf8');

  it('has every line, in order, after those that were there', async () => {
    const first = new RotatedFile(path, { onFault });
    first.write('one');
    first.write('two');
    await first.close();
    const second = new RotatedFile(path, { onFault });
    second.write('three');
    await second.close();
    assert.equal(read(), 'one\ntwo\nthree\n');
    assert.equal(statSync(path).mode & 0o007, 0);
  });

  it('is put aside when it is large, and the oldest are forgotten', async () => {
    const file = new RotatedFile(path, { bytesMax: 100, keptMax: 2, onFault });
    for (let line = 0; line < 50; line++) {
      file.write(`line ${String(line).padStart(2, '0')}`);
      await pause(0);
    }
    await file.close();
    assert.deepEqual(readdirSync(folder).sort(), ['access.log', 'access.log.1', 'access.log.2']);
    const lines = ['access.log.2', 'access.log.1', 'access.log'].flatMap((name) => read(join(folder, name)).trimEnd().split('\n'));
    const from = 50 - lines.length;
    assert.deepEqual(lines, Array.from({ length: lines.length }, (_, index) => `line ${String(from + index).padStart(2, '0')}`));
    for (const name of readdirSync(folder)) assert.ok(statSync(join(folder, name)).size <= 100, name);
    assert.deepEqual(faults, []);
  });

  it('is made anew when something else has put it aside', async () => {
    const file = new RotatedFile(path, { onFault });
    file.write('one');
    while (!existsSync(path) || read() === '') await pause(5);
    renameSync(path, `${path}.old`);
    await pause(fileCheckMillis + 50);
    file.write('two');
    await file.close();
    assert.deepEqual([read(`${path}.old`), read()], ['one\n', 'two\n']);
  });

  it('tells once that it cannot be written, and goes on when it can', async () => {
    const full = new RotatedFile('/dev/full', { onFault });
    for (const line of ['one', 'two']) {
      full.write(line);
      await pause(20);
    }
    await full.close();
    assert.equal(faults.length, 1);
    assert.match(faults[0] ?? '', /ENOSPC/);
    const missing = join(folder, 'later');
    const file = new RotatedFile(join(missing, 'x.log'), { onFault });
    file.write('lost');
    await pause(20);
    assert.match(faults[1] ?? '', /ENOENT/);
    renameSync(mkdtempSync(join(folder, 'made')), missing);
    chmodSync(missing, 0o755);
    file.write('kept');
    await file.close();
    assert.equal(read(join(missing, 'x.log')), 'kept\n');
  });

  it('leaves lines out rather than to keep them all in memory, and says how many', async () => {
    const file = new RotatedFile(path, { onFault });
    const line = 'x'.repeat(1023);
    for (let count = 0; count < (2 * waitingBytesMax) / 1024; count++) file.write(line);
    await pause(50);
    file.write('last');
    await file.close();
    const lines = read().trimEnd().split('\n');
    assert.ok(lines.length <= waitingBytesMax / 1024 + 2, `${lines.length} lines`);
    assert.match(lines.join('\n'), /\n10\d\d lines were lost here\nlast$|^10\d\d lines were lost here\n/);
  });
});
