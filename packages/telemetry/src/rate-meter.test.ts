import assert from 'node:assert/strict';
import test from 'node:test';
import { RateMeter } from './rate-meter.ts';

type Step = readonly [atMillis: number, amount: number];
const everySecond = (amount: number, seconds: number): Step[] => Array.from({ length: seconds }, (_, second) => [second * 1000, amount]);

const cases: readonly { name: string; steps: readonly Step[]; atMillis: number; perSecond: number }[] = [
  { name: 'is 0 before anything', steps: [], atMillis: 5000, perSecond: 0 },
  { name: 'is over one second at least', steps: [[100, 50]], atMillis: 101, perSecond: 50 },
  { name: 'is over the time since the first count at first', steps: [[500, 100], [2500, 100]], atMillis: 4500, perSecond: 50 },
  { name: 'holds the whole window and the second that begins', steps: everySecond(125_000, 61), atMillis: 60_000, perSecond: 137_500 },
  { name: 'forgets what is older than the window', steps: [[0, 1_000_000], [11_000, 20], [20_000, 90]], atMillis: 20_000, perSecond: 11 },
  { name: 'keeps what is just within it', steps: [[0, 1_000_000], [10_000, 0]], atMillis: 10_000, perSecond: 100_000 },
  { name: 'falls to 0 after a silence', steps: everySecond(1000, 30), atMillis: 41_000, perSecond: 0 },
  { name: 'survives a silence of a year', steps: [[0, 1000], [31_536_000_000, 40]], atMillis: 31_536_000_000, perSecond: 4 },
  { name: 'counts a time that went back as now', steps: [[20_000, 10], [3000, 10]], atMillis: 20_000, perSecond: 20 },
  { name: 'starts at any time', steps: [[5_000_000_123, 30]], atMillis: 5_000_003_123, perSecond: 10 },
];
for (const { name, steps, atMillis, perSecond } of cases) {
  test(`rate meter: ${name}`, () => {
    const meter = new RateMeter(10);
    for (const [at, amount] of steps) meter.add(amount, at);
    assert.equal(meter.perSecond(atMillis), perSecond);
    assert.equal(meter.total, steps.reduce((sum, [, amount]) => sum + amount, 0));
  });
}

test('rate meter: a window of one second', () => {
  const meter = new RateMeter(1);
  for (let atMillis = 0; atMillis < 10_000; atMillis += 10) meter.add(5, atMillis);
  assert.equal(Math.round(meter.perSecond(9990)), 503);
  assert.equal(meter.perSecond(12_000), 0);
});
