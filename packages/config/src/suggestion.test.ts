import assert from 'node:assert/strict';
import test from 'node:test';
import { editDistance, suggestion } from './suggestion.ts';

const distances: readonly [a: string, b: string, distance: number][] = [
  ['', '', 0],
  ['', 'abc', 3],
  ['feed', 'feed', 0],
  ['fede', 'feed', 1],
  ['came', 'cam', 1],
  ['kitten', 'sitting', 3],
];
for (const [a, b, distance] of distances) {
  test(`edit distance: of "${a}" and "${b}" is ${distance} both ways`, () => assert.deepEqual([editDistance(a, b, 9), editDistance(b, a, 9)], [distance, distance]));
}

const words = ['cam', 'command', 'start_timeout', 'stall', 'studio'];
const cases: readonly [word: string, nearest: string | undefined][] = [
  ['came', 'cam'],
  ['COMAND', 'command'],
  ['start-timeout', 'start_timeout'],
  ['startTimeout', 'start_timeout'],
  ['stal', 'stall'],
  ['xyz', undefined],
  ['', undefined],
  ['c', undefined],
  ['x'.repeat(1e6), undefined],
];
for (const [word, nearest] of cases) {
  test(`suggestion: for "${word.slice(0, 20)}" is ${nearest ?? 'none'}`, () => assert.equal(suggestion(word, words), nearest));
}
