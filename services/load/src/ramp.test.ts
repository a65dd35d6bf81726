import assert from 'node:assert/strict';
import test from 'node:test';
import { startedBy } from './ramp.ts';

const cases: readonly [name: string, elapsedMillis: number, total: number, rampMillis: number, started: number][] = [
  ['all at once without one', 0, 1000, 0, 1000],
  ['the first at once', 0, 10, 1000, 1],
  ['half of them and one at half time', 500, 10, 1000, 6],
  ['never more than there are', 999, 10, 1000, 10],
  ['all at its end', 1000, 10, 1000, 10],
  ['all long after', 60_000, 10, 1000, 10],
  ['several in a millisecond', 1, 10_000, 100, 101],
];
for (const [name, elapsedMillis, total, rampMillis, started] of cases) {
  test(`ramp: starts ${name}`, () => assert.equal(startedBy(elapsedMillis, total, rampMillis), started));
}
