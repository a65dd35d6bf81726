import assert from 'node:assert/strict';
import test from 'node:test';
import { Continuity, UnitIndex } from './continuity.ts';

/** Ten units; 7 stands twice. */
const index = new UnitIndex(Uint32Array.from([1, 2, 3, 4, 7, 5, 6, 7, 8, 9]));

const cases: readonly { readonly name: string; readonly got: readonly number[]; readonly counts: readonly [gaps: number, missing: number, repeated: number, foreign: number] }[] = [
  { name: 'all of it, and from the beginning again', got: [3, 4, 7, 5, 6, 7, 8, 9, 1, 2], counts: [0, 0, 0, 0] },
  { name: 'a unit too few', got: [1, 2, 4, 7], counts: [1, 1, 0, 0] },
  { name: 'two gaps, one around the end', got: [6, 8, 9, 2], counts: [2, 2, 0, 0] },
  { name: 'a unit again', got: [1, 2, 3, 2, 3], counts: [0, 0, 1, 0] },
  { name: 'what nobody sent', got: [1, 99, 2], counts: [0, 0, 0, 1] },
  { name: 'a gap before what stands twice: seen with the next unit', got: [3, 7, 6], counts: [1, 3, 0, 0] },
];

for (const { name, got, counts } of cases) {
  test(`continuity: ${name}`, () => {
    const continuity = new Continuity(index);
    for (const key of got) continuity.take(key);
    const { gaps, missing, repeated, foreign } = continuity;
    assert.deepEqual([gaps, missing, repeated, foreign], counts);
  });
}
