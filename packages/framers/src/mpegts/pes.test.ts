import assert from 'node:assert/strict';
import test from 'node:test';
import { pes } from './multiplex.testing.ts';
import { elementaryAt, presentationTime } from './pes.ts';

for (const ticks of [0, 1, 2 ** 15 - 1, 2 ** 15, 2 ** 30 - 1, 2 ** 30, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 33 - 1]) {
  test(`pes: reads the presentation time ${ticks}`, () => {
    const bytes = Uint8Array.from([9, ...pes(ticks, [1, 2])]);
    assert.equal(presentationTime(bytes, 1, bytes.length), ticks);
    assert.equal(elementaryAt(bytes, 1, bytes.length), bytes.length - 2);
  });
}

const without: readonly [what: string, bytes: readonly number[], elementary: number][] = [
  ['a header without one', pes(null, [1, 2]), 9],
  ['a header cut off', pes(5, [1]).slice(0, 12), 12],
  ['bytes that are no header', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 10],
  ['nothing', [], 0],
];
for (const [what, bytes, elementary] of without) {
  test(`pes: there is no presentation time in ${what}`, () => {
    assert.equal(presentationTime(Uint8Array.from(bytes), 0, bytes.length), null);
    assert.equal(elementaryAt(Uint8Array.from(bytes), 0, bytes.length), elementary);
  });
}
