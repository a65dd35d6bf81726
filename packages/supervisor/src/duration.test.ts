import assert from 'node:assert/strict';
import test from 'node:test';
import { describeMillis } from './duration.ts';

const cases: readonly [millis: number, words: string][] = [
  [0, '0 ms'],
  [39.6, '40 ms'],
  [999, '999 ms'],
  [1000, '1 s'],
  [3249, '3.2 s'],
  [59_400, '59.4 s'],
  [59_600, '1 min'],
  [60_000, '1 min'],
  [250_000, '4 min 10 s'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 5 min'],
  [273_600_000, '3 d 4 h'],
];
for (const [millis, words] of cases) {
  test(`duration: ${millis} ms is said "${words}"`, () => assert.equal(describeMillis(millis), words));
}
