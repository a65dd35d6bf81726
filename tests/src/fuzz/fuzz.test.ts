import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { createFramer } from '@weir/framers';
import { formats } from '@weir/media';
import { readCorpus } from './corpus.ts';
import { assertLaws } from './laws.ts';
import { fuzz } from './session.ts';

const framed = [...formats.keys()].filter((format) => format !== 'raw');

/** What a framer may allocate, whatever sizes a small input claims. */
const allocatedBytesMax = 1024 * 1024;

for (const format of framed) {
  for (const { name, bytes } of readCorpus(format)) {
    test(`corpus: ${format}/${name} breaks no law`, () => assertLaws(format, bytes, [[7], [100], [1000]]));

    test(`corpus: ${format}/${name} makes nobody allocate what it claims`, () => {
      const framer = createFramer(format);
      const before = process.memoryUsage().arrayBuffers;
      framer.push(bytes, () => undefined);
      framer.end(() => undefined);
      const allocated = process.memoryUsage().arrayBuffers - before;
      assert.ok(allocated < allocatedBytesMax, `${allocated} bytes`);
    });
  }
}

for (const format of framed) {
  test(`fuzz: ${format} breaks no law in a second of damaged streams`, async (context) => {
    const session = { format, seconds: 1, seed: 1, folder: join(tmpdir(), 'weir-fuzz', format) };
    assert.equal(await fuzz({ ...session, print: (line) => context.diagnostic(line) }), null);
  });
}
