import assert from 'node:assert/strict';
import test from 'node:test';
import { bitRate, formatBitRate, parseBitRate } from './bit-rate.ts';

const cases: readonly [value: string | number, bitsPerSecond: number | null][] = [
  ['800kbit/s', 800_000],
  ['1.5Mbit/s', 1_500_000],
  ['2.01kbit/s', 2010],
  ['1Gbit/s', 1_000_000_000],
  ['96000bit/s', 96_000],
  ['96000', 96_000],
  [96_000, 96_000],
  ['800k', null],
  ['800 kbit/s', null],
  ['800Kbit/s', null],
  ['800kb/s', null],
  ['1MB/s', null],
  ['1mbit/s', null],
  ['-1', null],
  ['', null],
  [-1, null],
  [Number.NaN, null],
  [Number.POSITIVE_INFINITY, null],
];
for (const [value, bitsPerSecond] of cases) {
  test(`bit rate: ${typeof value} "${value}" is ${bitsPerSecond === null ? 'refused' : `${bitsPerSecond} bit/s`}`, () => {
    assert.equal(parseBitRate(value), bitsPerSecond);
    assert.equal(bitRate.safeParse(value).data, bitsPerSecond ?? undefined);
  });
}

test('bit rate: is spelled so that it reads back', () => {
  for (const [bitsPerSecond, text] of [[1, '1bit/s'], [1001, '1001bit/s'], [1_500_000, '1500kbit/s'], [900_000_000, '900Mbit/s'], [1e12, '1000Gbit/s']] as const) {
    assert.equal(formatBitRate(bitsPerSecond), text);
    assert.equal(parseBitRate(text), bitsPerSecond);
  }
});

test('bit rate: is refused where only a slip of the unit leads', () => {
  const message = 'expected a bit rate from 1kbit/s to 1000Gbit/s';
  assert.deepEqual([0, 999, 1000, '1000Gbit/s', '1001Gbit/s'].map((value) => bitRate.safeParse(value).error?.issues[0]?.message), [message, message, undefined, undefined, message]);
});
