import assert from 'node:assert/strict';
import test from 'node:test';
import { duration, formatDuration, parseDuration } from './duration.ts';

const cases: readonly [value: string | number, millis: number | null][] = [
  ['500ms', 500],
  ['20s', 20_000],
  ['1m', 60_000],
  ['2h', 7_200_000],
  ['1.5s', 1500],
  ['10', 10_000],
  [10, 10_000],
  [0.25, 250],
  [0, 0],
  ['10x', null],
  ['-1s', null],
  ['1 s', null],
  ['', null],
  [-1, null],
  [Number.NaN, null],
  [Number.POSITIVE_INFINITY, null],
];
for (const [value, millis] of cases) {
  test(`duration: ${typeof value} "${value}" is ${millis === null ? 'refused' : `${millis} ms`}`, () => {
    assert.equal(parseDuration(value), millis);
    assert.equal(duration({ positive: false }).safeParse(value).data, millis ?? undefined);
  });
}

test('duration: is spelled so that it reads back', () => {
  for (const [millis, text] of [[0, '0s'], [1, '1ms'], [1500, '1500ms'], [20_000, '20s'], [90_000, '90s'], [120_000, '2m'], [7_200_000, '2h']] as const) {
    assert.equal(formatDuration(millis), text);
    assert.equal(parseDuration(text), millis);
  }
});

test('duration: is refused beyond what timers can wait for', () => {
  const messages = [500, 501].map((hours) => duration({ positive: true }).safeParse(`${hours}h`).error?.issues[0]?.message);
  assert.deepEqual(messages, [undefined, 'expected at most 500h']);
});
