import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import test from 'node:test';
import { createFramer } from '@weir/framers';
import { findFormat } from '@weir/media';
import { corpusFolder, readCorpus, readSeeds } from './corpus.ts';
import { complaint, search } from './fuzz.ts';
import { targets } from './targets.ts';

/** What a framer may allocate, whatever sizes a small input claims. */
const allocatedBytesMax = 1024 * 1024;

/** Milliseconds for each target; what is longer belongs into `npm run fuzz`. */
const fuzzMillis = 250;

test('corpus: each folder is that of something that is fuzzed', () => {
  for (const folder of readdirSync(corpusFolder(''))) assert.ok(targets.has(folder), `nothing called ${folder} is fuzzed`);
});

for (const target of targets.values()) {
  for (const { name, bytes } of readCorpus(target.name)) {
    test(`corpus: ${target.name}/${name} breaks no law`, () => assert.ifError(complaint(target, { input: bytes, splits: [[7], [100], [1000]] })));
  }
}

for (const format of targets.keys()) {
  if (findFormat(format)?.name !== format) continue;
  for (const { name, bytes } of readCorpus(format)) {
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

for (const target of targets.values()) {
  test(`fuzz: ${target.name} breaks no law in a moment of damaged input`, () => {
    const seed = 1;
    const { failedRun } = search(target, readSeeds(target), { seed, firstRun: 0, lastRun: Infinity, millis: fuzzMillis, onRun: () => {} });
    assert.equal(failedRun, null, `to see it: npm run fuzz -- ${target.name} 60 --seed ${seed} --run ${failedRun}`);
  });
}
