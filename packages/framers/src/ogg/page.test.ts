import assert from 'node:assert/strict';
import test from 'node:test';
import { bodyAt, firstPieceBytes, granuleHigh, granuleLow, isContinued, isFirst, isIntact, isLast, packetsEnded, pageAt, sequenceOf, serialOf } from './page.ts';
import { page } from './page.testing.ts';

/** The first page opusenc wrote. */
const opusPage = Buffer.from('4f6767530002000000000000000080e9612f000000000cd397ed01134f7075734865616401' + '02380180bb0000000000', 'hex');

test('ogg page: the fields of a page of opusenc', () => {
  assert.equal(pageAt(opusPage, 0, opusPage.length), 47);
  assert.deepEqual([serialOf(opusPage, 0), sequenceOf(opusPage, 0), granuleHigh(opusPage, 0), granuleLow(opusPage, 0)], [0x2f61e980, 0, 0, 0]);
  assert.deepEqual([isContinued(opusPage, 0), isFirst(opusPage, 0), isLast(opusPage, 0)], [false, true, false]);
  assert.deepEqual([packetsEnded(opusPage, 0), bodyAt(opusPage, 0), firstPieceBytes(opusPage, 0)], [1, 28, 19]);
});

test('ogg page: the checksum of opusenc is right, and wrong with any one bit changed', () => {
  assert.equal(isIntact(opusPage, 0, opusPage.length), true);
  for (let bit = 0; bit < opusPage.length * 8; bit++) {
    const damaged = Buffer.from(opusPage);
    damaged[bit >> 3] = damaged[bit >> 3]! ^ (1 << (bit & 7));
    assert.equal(isIntact(damaged, 0, damaged.length), false, `bit ${bit}`);
  }
});

const sizes: readonly [what: string, bytes: Buffer, end: number, step: number | 'short' | 'invalid'][] = [
  ['the largest page', page({ sequence: 0, packets: [Buffer.alloc(255 * 255)], open: true }), 282, 65307],
  ['a page without a packet', page({ sequence: 0, packets: [] }), 27, 27],
  ['a header cut short', opusPage, 26, 'short'],
  ['a segment table cut short', opusPage, 27, 'short'],
  ['another version', Buffer.concat([Buffer.from('OggS\x01'), opusPage.subarray(5)]), 47, 'invalid'],
  ['another mark', Buffer.concat([Buffer.from('Oggs'), opusPage.subarray(4)]), 47, 'invalid'],
];
for (const [what, bytes, end, step] of sizes) {
  test(`ogg page: ${what} is ${typeof step === 'string' ? step : `${step} bytes`}`, () => assert.equal(pageAt(bytes, 0, end), step));
}

test('ogg page: granule positions and numbers of 64 and 32 bits are read without sign', () => {
  const bytes = page({ serial: 0xfffffffe, sequence: 0x80000001, granule: (0x7fffffffn << 32n) | 0xfffffffdn, flags: 'last', packets: ['a', '', 'bc'] });
  assert.deepEqual([serialOf(bytes, 0), sequenceOf(bytes, 0), granuleHigh(bytes, 0), granuleLow(bytes, 0)], [0xfffffffe, 0x80000001, 0x7fffffff, 0xfffffffd]);
  assert.deepEqual([isLast(bytes, 0), packetsEnded(bytes, 0), firstPieceBytes(bytes, 0)], [true, 3, 1]);
});
