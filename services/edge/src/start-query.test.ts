import assert from 'node:assert/strict';
import test from 'node:test';
import { configurationOf } from '@weir/config';
import { readStartQuery } from './start-query.ts';

function stream(join: string) {
  const { streams } = configurationOf({ feeds: { f: { command: 'cat' } }, streams: { s: { feed: 'f', join } } }, 'test');
  return streams['s'] ?? assert.fail('no stream');
}

const both = { header: true, intra: true };
const cases: readonly { query: string; join?: string; demand: object }[] = [
  { query: '', demand: { start: both, join: { mode: 'keyframe' } } },
  { query: '', join: 'live', demand: { start: { header: true, intra: false }, join: { mode: 'live' } } },
  { query: '', join: '4s', demand: { start: both, join: { mode: 'behind', behindMillis: 4000 } } },
  { query: 'header=0', demand: { start: { header: false, intra: true }, join: { mode: 'keyframe' } } },
  { query: 'intra=0', demand: { start: { header: true, intra: false }, join: { mode: 'live' } } },
  { query: 'intra=1', join: 'live', demand: { start: both, join: { mode: 'live' } } },
  { query: 'join=live', demand: { start: { header: true, intra: false }, join: { mode: 'live' } } },
  { query: 'join=2.5&x=y', demand: { start: both, join: { mode: 'behind', behindMillis: 2500 } } },
];
for (const { query, join = 'keyframe', demand } of cases) {
  test(`query: "?${query}" of a stream that joins ${join}`, () => {
    assert.deepEqual(readStartQuery(new URLSearchParams(query), stream(join)), demand);
  });
}

for (const query of ['header=2', 'intra=', 'join=soon', 'join=-1', 'join=61', 'join=1e1', 'join=0x1']) {
  test(`query: "?${query}" is refused with what is allowed`, () => {
    assert.throws(() => readStartQuery(new URLSearchParams(query), stream('keyframe')), /must be/);
  });
}
