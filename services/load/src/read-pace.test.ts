import assert from 'node:assert/strict';
import test from 'node:test';
import { ReadPace } from './read-pace.ts';

type Read = readonly [atMillis: number, bytes: number];
const cases: readonly { name: string; bytesPerSecond: number; reads: readonly Read[]; readyMillis: number }[] = [
  { name: 'pauses for what was read, less the credit', bytesPerSecond: 1000, reads: [[0, 500]], readyMillis: 400 },
  { name: 'adds up reads that come together', bytesPerSecond: 1000, reads: [[0, 500], [0, 500]], readyMillis: 900 },
  { name: 'makes up for a read that came late', bytesPerSecond: 1000, reads: [[0, 500], [480, 500]], readyMillis: 900 },
  { name: 'saves up no more than the credit while nothing comes', bytesPerSecond: 1000, reads: [[0, 500], [9000, 1000]], readyMillis: 9900 },
  { name: 'counts for little when there is much to have', bytesPerSecond: 1_000_000, reads: [[0, 101_000]], readyMillis: 1 },
];
for (const { name, bytesPerSecond, reads, readyMillis } of cases) {
  test(`read pace: ${name}`, () => {
    const pace = new ReadPace(bytesPerSecond);
    for (const [atMillis, bytes] of reads) pace.took(bytes, atMillis);
    assert.deepEqual([pace.isReady(readyMillis), pace.isReady(readyMillis - 1)], [true, false]);
  });
}

test('read pace: never pauses without a limit, nor before the first read', () => {
  const pace = new ReadPace(Number.POSITIVE_INFINITY);
  assert.equal(pace.isReady(0), true);
  pace.took(1_000_000_000, 5);
  assert.equal(pace.isReady(5), true);
});
