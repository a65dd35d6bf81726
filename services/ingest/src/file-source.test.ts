import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileSource } from './file-source.ts';
import { fileReadBytes } from './limits.ts';
import type { SourceEnd } from './source.ts';

test('file: a long one that is paced leaves nothing behind for each read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weir-file-'));
  const [path, reads] = [join(folder, 'long.bin'), 50];
  await writeFile(path, Buffer.alloc(reads * fileReadBytes));
  // What Node says when one signal, kept for the whole file, has got ever more listeners.
  const warnings: Error[] = [];
  const warn = (warning: Error): void => void warnings.push(warning);
  process.on('warning', warn);
  let bytes = 0;
  const end = await new Promise<SourceEnd>((onEnd) => {
    fileSource(path, { by: 'rate', bytesPerSecond: fileReadBytes * 500 })({ leadMillis: 0, onFormat: () => {}, onTitle: () => {}, onBytes: (chunk) => (bytes += chunk.length), onEnd });
  });
  process.off('warning', warn);
  await rm(folder, { recursive: true });
  assert.deepEqual([end.kind, bytes, warnings], ['finished', reads * fileReadBytes, []]);
});
