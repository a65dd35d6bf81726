import assert from 'node:assert/strict';
import test from 'node:test';
import { formatBitRate, formatBytes, formatMillis } from './quantity.ts';

const cases: readonly [text: string, expected: string][] = [
  [formatBytes(0), '0 B'],
  [formatBytes(999), '999 B'],
  [formatBytes(1250), '1.25 kB'],
  [formatBytes(999_700), '1.00 MB'],
  [formatBytes(123_456_789_012_345), '123 TB'],
  [formatBitRate(0.4), '0 bit/s'],
  [formatBitRate(128_000), '128 kbit/s'],
  [formatBitRate(25_460_000), '25.5 Mbit/s'],
  [formatMillis(0.416), '0.42 ms'],
  [formatMillis(12.34), '12.3 ms'],
  [formatMillis(999.4), '999 ms'],
  [formatMillis(1200), '1.20 s'],
];
for (const [text, expected] of cases) test(`quantity: ${expected}`, () => assert.equal(text, expected));
