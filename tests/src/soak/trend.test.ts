import assert from 'node:assert/strict';
import test from 'node:test';
import type { Measure } from './measures.ts';
import { grows, trendOf } from './trend.ts';
import type { Point } from './trend.ts';

const measure: Measure = { name: 'fds', unit: 1, unitName: '', perHourMax: 3, riseMax: 1 };

/** An hour of samples, four a minute. */
function hour(value: (minute: number) => number): readonly Point[] {
  return Array.from({ length: 240 }, (_, sample) => ({ hours: sample / 240, value: value(sample / 4) }));
}

/** The same each time: between 0 and 1. */
const noise = (minute: number): number => ((minute * 4 * 7919) % 13) / 13;

const cases: readonly { readonly name: string; readonly points: readonly Point[]; readonly processes?: number; readonly grows: boolean }[] = [
  { name: 'what stays the same', points: hour(() => 20), grows: false },
  { name: 'what goes up and down', points: hour((minute) => 20 + 30 * noise(minute)), grows: false },
  { name: 'what has grown in the first half', points: hour((minute) => Math.min(minute, 25)), grows: false },
  { name: 'what grows slower than is allowed', points: hour((minute) => 20 + minute / 30), grows: false },
  { name: 'what grows by one each ten minutes', points: hour((minute) => 20 + Math.floor(minute / 10)), grows: true },
  { name: 'what grows slowly below what goes up and down', points: hour((minute) => 20 + minute / 6 + 30 * noise(minute)), grows: true },
  { name: 'what falls', points: hour((minute) => 100 - minute), grows: false },
  { name: 'what three processes do not each', points: hour((minute) => 20 + Math.floor(minute / 10)), processes: 3, grows: false },
  { name: 'what one of three does', points: hour((minute) => 20 + Math.floor(minute / 5)), processes: 3, grows: true },
];

for (const { name, points, processes = 1, grows: expected } of cases) {
  test(`trend: ${name} ${expected ? 'grows' : 'does not grow'}`, () => {
    const trend = trendOf(points);
    assert.ok(trend !== null);
    assert.equal(grows(trend, measure, processes), expected, JSON.stringify(trend));
  });
}

test('trend: tells the slope in an hour and the rise within the half', () => {
  const trend = trendOf(hour((minute) => 6 * minute));
  assert.ok(trend !== null && Math.abs(trend.perHour - 360) < 1e-6 && trend.errorPerHour < 1e-6, JSON.stringify(trend));
  assert.deepEqual([trend.first, trend.last, Math.round(trend.rise)], [180, 342, 162]);
});

test('trend: of too few samples there is none', () => {
  assert.equal(trendOf(hour(() => 1).slice(0, 16)), null);
  assert.notEqual(trendOf(hour(() => 1).slice(0, 18)), null);
});
