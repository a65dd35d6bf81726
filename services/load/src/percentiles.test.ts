import assert from 'node:assert/strict';
import test from 'node:test';
import { percentile, spreadOf } from './percentiles.ts';

const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
const cases: readonly { name: string; sorted: readonly number[]; share: number; value: number }[] = [
  { name: 'the least for 0', sorted: hundred, share: 0, value: 1 },
  { name: 'the median of an even number', sorted: hundred, share: 0.5, value: 50 },
  { name: 'the median of an odd number', sorted: [1, 2, 9], share: 0.5, value: 2 },
  { name: 'the 99th of a hundred', sorted: hundred, share: 0.99, value: 99 },
  { name: 'the greatest of a few for 99 %', sorted: [1, 2, 3], share: 0.99, value: 3 },
  { name: 'the greatest for 1', sorted: hundred, share: 1, value: 100 },
  { name: 'the only one', sorted: [7], share: 0.5, value: 7 },
  { name: 'nothing of nothing', sorted: [], share: 0.5, value: Number.NaN },
];
for (const { name, sorted, share, value } of cases) {
  test(`percentile: is ${name}`, () => assert.equal(percentile(sorted, share), value));
}

test('spread: sorts numbers as numbers', () => {
  assert.deepEqual(spreadOf([10, 9, 100, 1]), { count: 4, min: 1, p50: 9, p90: 100, p99: 100, max: 100 });
});

test('spread: is null of nothing', () => assert.equal(spreadOf([]), null));
