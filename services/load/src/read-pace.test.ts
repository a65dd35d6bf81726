import assert from 'node:assert/strict';
import test from 'node:test';
import { ReadPace } from './read-pace.ts';

type Read = readonly [atMillis: number, bytes: number];
const cases: readonly { name: string; bytesPerSecond: number; reads: readonly Read[]; readyMillis: number }[] = [
  { name: 'is ready at first', bytesPerSecond: 1000, reads: [], readyMillis: 0 },
  { name: 'pauses for what was read', bytesPerSecond: 1000, reads: [[100, 500]], readyMillis: 600 },
  { name: 'adds up reads that come together', bytesPerSecond: 1000, reads: [[100, 500], [100, 500]], readyMillis: 1100 },
  { name: 'saves nothing up while nothing comes', bytesPerSecond: 1000, reads: [[0, 10], [9000, 1000]], readyMillis: 10_000 },
  { name: 'never pauses without a limit', bytesPerSecond: Number.POSITIVE_INFINITY, reads: [[5, 1_000_000]], readyMillis: 5 },
];
for (const { name, bytesPerSecond, reads, readyMillis } of cases) {
  test(`read pace: ${name}`, () => {
    const pace = new ReadPace(bytesPerSecond);
    for (const [atMillis, bytes] of reads) pace.took(bytes, atMillis);
    assert.equal(pace.isReady(readyMillis), true);
    assert.equal(pace.isReady(readyMillis - 1), false);
  });
}
