import assert from 'node:assert/strict';
import test from 'node:test';
import { Busyness } from './busyness.ts';
import { busyAfterMillis, calmAfterMillis } from './limits.ts';

/** Whether it was busy after each look; looks come each second. */
function looks(loads: readonly number[], busyAt: number | null = 0.8): string {
  const busyness = new Busyness();
  return loads
    .map((load, second) => {
      busyness.observe(load, busyAt, 5000 + second * 1000);
      return busyness.busy ? 'B' : '.';
    })
    .join('');
}

const [up, down] = [busyAfterMillis / 1000, calmAfterMillis / 1000];
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

for (const { name, loads, busyAt, seen } of [
  { name: 'is calm below the bound', loads: times(20, 0.79), seen: '.'.repeat(20) },
  { name: 'is busy when the load stays at the bound', loads: times(up + 2, 0.8), seen: `${'.'.repeat(up)}BB` },
  { name: 'takes no notice of peaks', loads: times(6, [1, 1, 0.5]).flat(), seen: '.'.repeat(18) },
  { name: 'stays busy between the lower and the upper bound', loads: [...times(up + 1, 1), ...times(3 * down, 0.73)], seen: '.'.repeat(up) + 'B'.repeat(3 * down + 1) },
  { name: 'is calm when the load stays below the lower bound', loads: [...times(up + 1, 1), ...times(down + 2, 0.71)], seen: `${'.'.repeat(up)}${'B'.repeat(down + 1)}..` },
  { name: 'stays busy while the load comes back before it is calm', loads: [...times(up + 1, 1), ...times(4, [...times(down - 1, 0.1), 0.75]).flat()], seen: '.'.repeat(up) + 'B'.repeat(4 * down + 1) },
  { name: 'is never busy without a bound', loads: times(20, 1), busyAt: null, seen: '.'.repeat(20) },
] as const) {
  test(`busyness: ${name}`, () => assert.equal(looks(loads, busyAt), seen));
}

test('busyness: is calm at once when the bound is taken away', () => {
  const busyness = new Busyness();
  for (const second of [0, 1, 2, 3, 4]) busyness.observe(1, 0.5, second * 1000);
  assert.ok(busyness.busy);
  busyness.observe(1, null, 5000);
  assert.ok(!busyness.busy);
});
