import assert from 'node:assert/strict';
import test from 'node:test';
import { findSync } from './sync.ts';

/** Zero bytes, with sync bytes at the places given. */
function bytes(length: number, ...syncs: readonly number[]): Uint8Array {
  const all = new Uint8Array(length);
  for (const at of syncs) all[at] = 0x47;
  return all;
}
const run = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from + index * 188);

const cases: readonly [what: string, bytes: Uint8Array, final: boolean, found: boolean, at: number][] = [
  ['takes five in a row', bytes(753, ...run(0, 5)), false, true, 0],
  ['wants the fifth to be there', bytes(752, ...run(0, 4)), false, false, 0],
  ['skips garbage before them', bytes(853, ...run(100, 5)), false, true, 100],
  ['is not misled by a sync byte in a payload', bytes(900, 3, ...run(100, 5)), false, true, 100],
  ['knows how far there is none', bytes(1000), false, false, 248],
  ['takes fewer that reach the end when no more come', bytes(400, ...run(10, 3)), true, true, 10],
  ['takes one packet that is all there is', bytes(188, 0), true, true, 0],
  ['finds nothing in garbage at the end', bytes(400, 10), true, false, 0],
  ['wants a whole packet at the end', bytes(187, 0), true, false, 0],
];
for (const [what, data, final, found, at] of cases) {
  test(`sync: ${what}`, () => assert.deepEqual(findSync(data, 0, final), { found, at }));
}
