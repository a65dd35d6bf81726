import assert from 'node:assert/strict';
import test from 'node:test';
import { DelayHistogram } from './delay-histogram.ts';
import { spreadOf } from './percentiles.ts';

function histogramOf(delays: Iterable<number>): DelayHistogram {
  const histogram = new DelayHistogram();
  for (const delay of delays) histogram.add(delay);
  return histogram;
}

const cases: readonly { name: string; delays: readonly number[] }[] = [
  { name: 'one delay', delays: [3.7] },
  { name: 'equal delays', delays: Array.from({ length: 1000 }, () => 12.5) },
  { name: 'a long tail', delays: Array.from({ length: 5000 }, (_, index) => 0.3 * 1.002 ** index) },
  { name: 'next to nothing', delays: [0, 0.0004, 0.001, 0.0011] },
  { name: 'up to ten minutes', delays: [600_000, 1] },
];
for (const { name, delays } of cases) {
  test(`delay histogram: tells the percentiles of ${name} within half a percent`, () => {
    const told = histogramOf(delays).spread();
    const exact = spreadOf(delays);
    assert.ok(told !== null && exact !== null);
    assert.deepEqual([told.count, told.min, told.max], [exact.count, exact.min, exact.max]);
    for (const key of ['p50', 'p90', 'p99'] as const) assert.ok(Math.abs(told[key] - exact[key]) <= 0.0051 * exact[key] + 0.001, `${key}: ${told[key]}, not ${exact[key]}`);
  });
}

test('delay histogram: ignores what two different clocks make', () => {
  assert.equal(histogramOf([-0.1, 600_001, Number.NaN, Number.POSITIVE_INFINITY]).spread(), null);
});
