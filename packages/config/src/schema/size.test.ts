import assert from 'node:assert/strict';
import test from 'node:test';
import { parseSize, size } from './size.ts';

const cases: readonly [value: string | number, bytes: number | null][] = [
  [188, 188],
  ['188', 188],
  ['188B', 188],
  ['64KiB', 65_536],
  ['1.5KiB', 1536],
  ['2.01kB', 2010],
  ['1MB', 1_000_000],
  ['2kB', 2000],
  ['1GiB', 1_073_741_824],
  ['0.3B', null],
  ['1TB', null],
  ['-1', null],
  ['', null],
  ['99999999999999999999GiB', null],
];
for (const [value, bytes] of cases) {
  test(`size: "${value}" is ${bytes === null ? 'refused' : `${bytes} bytes`}`, () => assert.equal(parseSize(value), bytes));
}

test('size: is refused outside its bounds', () => {
  const schema = size(1024, '1KiB');
  const message = 'expected a whole number of bytes from 1 to 1KiB';
  assert.deepEqual([0, 1, '1KiB', 1025].map((value) => schema.safeParse(value).error?.issues[0]?.message), [message, undefined, undefined, message]);
});
