import assert from 'node:assert/strict';
import test from 'node:test';
import { formatElapsed, formatMoment } from './duration.ts';

const start = Date.parse('2031-05-06T07:08:09.000Z');
const elapsed: readonly [seconds: number, text: string][] = [
  [-5, '0 s'],
  [0.9, '0 s'],
  [1, '1 s'],
  [59.9, '59 s'],
  [60, '1 min'],
  [185, '3 min 5 s'],
  [3600, '1 h'],
  [3601, '1 h'],
  [7500, '2 h 5 min'],
  [86_400 * 2 + 3600 * 7 + 59, '2 d 7 h'],
  [86_400 * 400, '400 d'],
];
for (const [seconds, text] of elapsed) {
  test(`elapsed: ${seconds} s is "${text}"`, () => {
    assert.equal(formatElapsed(new Date(start).toISOString(), new Date(start + seconds * 1000).toISOString()), text);
  });
}

test('elapsed: no time is made up for a moment nobody can read', () => {
  assert.equal(formatElapsed('yesterday', '2031-05-06T07:08:09Z'), '–');
});

test('moment: is told in UTC without fractions', () => {
  assert.equal(formatMoment('2031-05-06T09:08:09.999+02:00'), '2031-05-06 07:08:09 UTC');
});

test('moment: none is made up for text nobody can read', () => {
  assert.equal(formatMoment('<b>'), '–');
});
