import assert from 'node:assert/strict';
import test from 'node:test';
import { ElementHead, eachElement, text, unsigned } from './ebml.ts';
import { element } from './elements.testing.ts';

const heads: readonly (readonly [name: string, bytes: readonly number[], expected: readonly [id: number, size: number, headBytes: number] | 'short' | 'invalid'])[] = [
  ['one byte each', [0xa3, 0x85], [0xa3, 5, 2]],
  ['an ID of two bytes', [0x42, 0x86, 0x81], [0x4286, 1, 3]],
  ['an ID of three bytes', [0x2a, 0xd7, 0xb1, 0x83], [0x2ad7b1, 3, 4]],
  ['an ID of four bytes', [0x1f, 0x43, 0xb6, 0x75, 0x40, 0x00], [0x1f43b675, 0, 6]],
  ['an ID of five bytes', [0x08, 1, 1, 1, 1, 0x81], 'invalid'],
  ['a zero byte', [0, 0x81], 'invalid'],
  ['a size of eight bytes', [0xec, 0x01, 0, 0, 0, 1, 0, 0, 2], [0xec, 2 ** 24 + 2, 9]],
  ['a size above 2^31', [0xec, 0x08, 0x80, 0, 0, 0], [0xec, 2 ** 31, 6]],
  ['a size above 2^32', [0xec, 0x01, 0, 0, 0x03, 0, 0, 0, 1], [0xec, 3 * 2 ** 32 + 1, 9]],
  ['the largest size', [0xec, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe], [0xec, 2 ** 56 - 2, 9]],
  ['a size of nine bytes', [0xec, 0x00, 0x81], 'invalid'],
  ['an unknown size of one byte', [0xa3, 0xff], [0xa3, Infinity, 2]],
  ['an unknown size of eight bytes', [0xa3, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0xa3, Infinity, 9]],
  ['a size that is almost unknown', [0xa3, 0x7f, 0xfe], [0xa3, 0x3ffe, 3]],
  ['nothing', [], 'short'],
  ['half an ID', [0x1f, 0x43], 'short'],
  ['no size', [0xa3], 'short'],
  ['half a size', [0xa3, 0x40], 'short'],
];
for (const [name, bytes, expected] of heads) {
  test(`element head: ${name}`, () => {
    const head = new ElementHead();
    const headBytes = head.read(Uint8Array.from([0xff, ...bytes, 0x80]), 1, 1 + bytes.length);
    assert.deepEqual(typeof headBytes === 'number' ? [head.id, head.size, headBytes] : headBytes, expected);
  });
}

test('elements: are visited up to the first that is malformed', () => {
  const found: [number, string][] = [];
  const bytes = Buffer.concat([element(0xd7, 'one'), element(0x4282, ''), Uint8Array.of(0xec, 0x85, 1, 2)]);
  eachElement(bytes, (id, data) => found.push([id, Buffer.from(data).toString()]));
  assert.deepEqual(found, [[0xd7, 'one'], [0x4282, '']]);
});

test('elements: numbers and strings', () => {
  assert.equal(unsigned(new Uint8Array(0)), 0);
  assert.equal(unsigned(new Uint8Array(8).fill(255)), 2 ** 64);
  assert.equal(unsigned(new Uint8Array(9)), null);
  assert.equal(unsigned(Uint8Array.of(1, 0, 0, 0, 0, 2)), 2 ** 40 + 2);
  assert.equal(text(Buffer.from('webm\0\0')), 'webm');
  assert.equal(text(Buffer.from('webm')), 'webm');
});
