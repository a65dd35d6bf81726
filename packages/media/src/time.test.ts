import assert from 'node:assert/strict';
import test from 'node:test';
import { Unwrapper } from './time.ts';

const wrap = 2 ** 33;
const cases: readonly { name: string; values: readonly number[]; unwrapped: readonly number[] }[] = [
  { name: 'counts on at 2^32', values: [2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1], unwrapped: [2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1] },
  { name: 'goes on past the wrap', values: [wrap - 1, 0, 1], unwrapped: [wrap - 1, wrap, wrap + 1] },
  { name: 'goes back over the wrap for a picture shown earlier', values: [wrap - 3, 2, wrap - 1, 4], unwrapped: [wrap - 3, wrap + 2, wrap - 1, wrap + 4] },
  { name: 'goes below zero when the first value came just after a wrap', values: [1, wrap - 1], unwrapped: [1, -1] },
];
for (const { name, values, unwrapped } of cases) {
  test(`unwrap: ${name}`, () => {
    const counter = new Unwrapper(33);
    assert.deepEqual(values.map((value) => counter.unwrap(value)), unwrapped);
  });
}

test('unwrap: a hundred wraps add up', () => {
  const counter = new Unwrapper(33);
  let last = 0;
  for (let turn = 0; turn < 400; turn++) last = counter.unwrap(((turn % 4) * wrap) / 4);
  assert.equal(last, 99 * wrap + (3 * wrap) / 4);
});
