import assert from 'node:assert/strict';
import test from 'node:test';
import { hashOf } from './hash.ts';
import { resolved } from './problem-lines.ts';

const text = (grace: string): string => `streams: { a: { command: [cat, x], grace: ${grace} }, b: { feed: a } }`;

test('hash: does not depend on the order of keys or the spelling of values', () => {
  assert.equal(hashOf({ a: 1, b: { c: [1, 2], d: null } }), hashOf({ b: { d: null, c: [1, 2] }, a: 1 }));
  assert.equal(hashOf(resolved(text('60s')).feeds['a'] ?? {}), hashOf(resolved(text('1m')).feeds['a'] ?? {}));
});

test('hash: changes with any value and with the order of a command', () => {
  assert.notEqual(hashOf(resolved(text('60s')).feeds['a'] ?? {}), hashOf(resolved(text('61s')).feeds['a'] ?? {}));
  assert.notEqual(hashOf({ argv: ['a', 'b'] }), hashOf({ argv: ['b', 'a'] }));
});
