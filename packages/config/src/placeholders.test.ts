import assert from 'node:assert/strict';
import test from 'node:test';
import { escapePlaceholders, parsePlaceholders } from './placeholders.ts';
import type { Pieces } from './placeholders.ts';

const brace = (offset: number): Pieces => ({ problem: 'a brace of no placeholder; write {{ or }} for the brace itself', offset });
const cases: readonly [text: string, parsed: Pieces][] = [
  ['', { pieces: [] }],
  ['abc', { pieces: ['abc'] }],
  ['{in}', { pieces: [{ name: 'in' }] }],
  ['scale={width}:{height}!', { pieces: ['scale=', { name: 'width' }, ':', { name: 'height' }, '!'] }],
  ['%{{localtime}}', { pieces: ['%{localtime}'] }],
  ['{{{a}}}', { pieces: ['{', { name: 'a' }, '}'] }],
  ['a{ b}', brace(1)],
  ['{a b}', brace(0)],
  ['{1}', brace(0)],
  ['a}', brace(1)],
  ['{a', brace(0)],
];
for (const [text, parsed] of cases) {
  test(`placeholders: takes "${text}" apart`, () => assert.deepEqual(parsePlaceholders(text), parsed));
}

test('placeholders: an escaped text holds none and reads as it was', () => {
  for (const text of ['{in}', '{{', '}', 'a{b}c', '{{{']) assert.deepEqual(parsePlaceholders(escapePlaceholders(text)), { pieces: [text] });
});
