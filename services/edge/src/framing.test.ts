import assert from 'node:assert/strict';
import test from 'node:test';
import { frameParts } from './framing.ts';

const parts = [Buffer.from('abc'), Buffer.from('defghijklmnopq')];

test('framing: identity is the bytes as they are, a single part not even copied', () => {
  assert.equal(Buffer.from(frameParts(parts, 17, 'identity')).toString(), 'abcdefghijklmnopq');
  assert.equal(frameParts([parts[0] ?? Buffer.alloc(0)], 3, 'identity'), parts[0]);
});

test('framing: a chunk has its length in hexadecimal before it', () => {
  assert.equal(Buffer.from(frameParts(parts, 17, 'chunked')).toString(), '11\r\nabcdefghijklmnopq\r\n');
});
