import assert from 'node:assert/strict';
import test from 'node:test';
import { Backoff } from './backoff.ts';

const highest = (): number => 1 - Number.EPSILON;
const cases: readonly { name: string; random: () => number; healthyMillis: readonly number[]; delays: readonly number[] }[] = [
  { name: 'starts at once, then doubles up to 30 s', random: highest, healthyMillis: [0, 0, 0, 0, 0, 0, 0, 0], delays: [0, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000] },
  { name: 'waits half the step at least', random: () => 0, healthyMillis: [0, 0, 0, 0, 0, 0, 0, 0], delays: [0, 500, 1000, 2000, 4000, 8000, 15_000, 15_000] },
  { name: 'starts at once again after a minute of health', random: highest, healthyMillis: [0, 0, 0, 60_000, 0], delays: [0, 1000, 2000, 0, 1000] },
  { name: 'forgives nothing before the minute is full', random: highest, healthyMillis: [0, 0, 59_999], delays: [0, 1000, 2000] },
];
for (const { name, random, healthyMillis, delays } of cases) {
  test(`backoff: ${name}`, () => {
    const backoff = new Backoff(random);
    assert.deepEqual(healthyMillis.map((millis) => Math.round(backoff.delayMillis(millis))), delays);
  });
}

test('backoff: waits no longer than it is told', () => {
  const backoff = new Backoff(highest, 1000);
  assert.deepEqual([0, 0, 0, 0].map((millis) => Math.round(backoff.delayMillis(millis))), [0, 1000, 1000, 1000]);
});

test('backoff: stays at 30 s after ten thousand failures', () => {
  const backoff = new Backoff(highest);
  for (let turn = 0; turn < 10_000; turn++) backoff.delayMillis(0);
  assert.equal(Math.round(backoff.delayMillis(0)), 30_000);
});
