import assert from 'node:assert/strict';
import test from 'node:test';
import { formatBitRate, formatBytes, formatCount } from './quantity.ts';

const cases: readonly [format: (amount: number) => string, amount: number, text: string][] = [
  [formatCount, 0, '0'],
  [formatCount, 999, '999'],
  [formatCount, 12345, '12,345'],
  [formatCount, 1_234_567, '1,234,567'],
  [formatCount, NaN, '–'],
  [formatBytes, 0, '0 B'],
  [formatBytes, 999, '999 B'],
  [formatBytes, 999.6, '1.00 kB'],
  [formatBytes, 1000, '1.00 kB'],
  [formatBytes, 9994, '9.99 kB'],
  [formatBytes, 9996, '10.0 kB'],
  [formatBytes, 99_940, '99.9 kB'],
  [formatBytes, 99_960, '100 kB'],
  [formatBytes, 999_499, '999 kB'],
  [formatBytes, 999_500, '1.00 MB'],
  [formatBytes, 2 ** 53, '9.01 PB'],
  [formatBytes, 1e19, '10000 PB'],
  [formatBytes, Infinity, '–'],
  [formatBitRate, 800, '800 bit/s'],
  [formatBitRate, 128_000, '128 kbit/s'],
  [formatBitRate, 2_100_000, '2.10 Mbit/s'],
];
for (const [format, amount, text] of cases) {
  test(`${format.name}: ${amount} is ${text}`, () => assert.equal(format(amount), text));
}
