import assert from 'node:assert/strict';
import test from 'node:test';
import { shiftFlvTag } from './shift.ts';

function tag(time: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes[0] = 9;
  bytes.writeUIntBE(time % 2 ** 24, 4, 3);
  bytes[7] = Math.floor(time / 2 ** 24);
  return bytes;
}

const cases: readonly [time: number, millis: number, moved: number][] = [
  [0, 0, 0],
  [40, 1000, 1040],
  [2 ** 24 - 1, 1, 2 ** 24],
  [2 ** 32 - 1, 2, 1],
  [5, -10, 2 ** 32 - 5],
];
for (const [time, millis, moved] of cases) {
  test(`flv: a tag at ${time} moved by ${millis} ms is at ${moved}, the original untouched`, () => {
    const original = tag(time);
    assert.deepEqual(Buffer.from(shiftFlvTag(original, millis)), tag(moved));
    assert.deepEqual(original, tag(time));
  });
}

test('flv: the file header is not moved', () => {
  const header = Buffer.from('FLV\x01\x05\0\0\0\x09\0\0\0\0', 'latin1');
  assert.equal(shiftFlvTag(header, 1000), header);
});
