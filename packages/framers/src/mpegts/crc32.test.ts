import assert from 'node:assert/strict';
import test from 'node:test';
import { crc32 } from './crc32.ts';

test('crc32: is that of the catalogue for its check string', () => {
  assert.equal(crc32(new TextEncoder().encode('123456789')) >>> 0, 0x0376e6e7);
});

test('crc32: is 0 over a section that FFmpeg wrote', () => {
  assert.equal(crc32(Buffer.from('00b00d0001c100000001f0002ab104b2', 'hex')), 0);
});
