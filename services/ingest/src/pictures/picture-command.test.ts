import assert from 'node:assert/strict';
import test from 'node:test';
import { quantiser } from './picture-command.ts';

test('quantiser: is 1 for the best quality, 31 for the worst, and never smaller for a worse one', () => {
  const all = Array.from({ length: 100 }, (_, index) => quantiser(index + 1));
  assert.deepEqual([all[0], all[49], all[84], all[99]], [31, 16, 5, 1]);
  all.slice(1).forEach((better, index) => assert.ok(better <= (all[index] ?? 0)));
});
