import assert from 'node:assert/strict';
import test from 'node:test';
import { readDocument } from './document.ts';
import { formatProblem, Problems } from './problem.ts';
import { valueOf } from './tree.ts';
import type { Environment } from './environment.ts';

interface Reading {
  readonly value: unknown;
  readonly problems: readonly string[];
}

function read(text: string, environment: Environment = {}): Reading {
  const problems = new Problems();
  const tree = readDocument(text, 'x.yml', environment, problems);
  return { value: tree === null ? undefined : valueOf(tree), problems: problems.list().map(formatProblem) };
}

const values: readonly { name: string; text: string; value: unknown }[] = [
  { name: 'an empty file', text: '', value: null },
  { name: 'JSON', text: '{"a": [1, true, null, "x"]}', value: { a: [1, true, null, 'x'] } },
  { name: 'words that older YAML takes for booleans', text: '{a: yes, on: off, 1: no}', value: { a: 'yes', on: 'off', 1: 'no' } },
  { name: 'a byte order mark and CRLF', text: '\uFEFFa: 1\r\nb: |\r\n  c\r\n', value: { a: 1, b: 'c\n' } },
  { name: 'the last anchor before an alias', text: 'a: &x 1\nb: *x\nc: &x 2\nd: *x', value: { a: 1, b: 1, c: 2, d: 2 } },
  { name: 'merge keys, in which what is there wins', text: 'a: &a {x: 1, y: 1}\nb: {<<: *a, y: 2}\nc: {z: 3, <<: [{x: 9}, *a]}', value: { a: { x: 1, y: 1 }, b: { y: 2, x: 1 }, c: { z: 3, x: 9, y: 1 } } },
  { name: 'variables, unquoted with their type', text: 'a: ${N}\nb: "${N}"\nc: ["x${N}"]\nd: >-\n  ${N}', value: { a: 5, b: '5', c: ['x5'], d: '5' } },
  { name: 'keys that objects inherit', text: '{constructor: 1, toString: 2}', value: Object.fromEntries([['constructor', 1], ['toString', 2]]) },
];
for (const { name, text, value } of values) {
  test(`document: reads ${name}`, () => assert.deepEqual(read(text, { N: '5' }), { value, problems: [] }));
}

const problems: readonly { name: string; text: string; problems: readonly string[] }[] = [
  { name: 'an open quote', text: 'a: "x\n', problems: ['x.yml:2:1: YAML: Missing closing "quote'] },
  { name: 'a wrong indentation', text: 'a:\n  b: 1\n c: 2', problems: ['x.yml:3:1: YAML: All mapping items must start at the same column'] },
  { name: 'a tab as indentation', text: 'a:\n\tb: 1', problems: ['x.yml:2:1: YAML: Tabs are not allowed as indentation'] },
  { name: 'an unknown tag', text: 'a: !env X', problems: ['x.yml:1:4: YAML: Unresolved tag: !env'] },
  { name: 'a second document', text: 'a: 1\n---\nb: 2', problems: ['x.yml:2:1: a second document: a file holds one'] },
  { name: 'a key that is no text', text: '[a]: 1', problems: ['x.yml:1:1: expected a text as a key; a text with { } [ ] , # or ": " in it may need quotes'] },
  {
    name: 'a text that wants quotes, once for a line',
    text: 'a: { b: x {out} }',
    problems: ['x.yml:1:11: YAML: Unexpected flow-map-start at node end; a text with { } [ ] , # or ": " in it may need quotes'],
  },
  { name: 'every key that is there twice', text: 'a: 1\na: 2\nb: {c: 1, c: 2}', problems: ['x.yml:2:1 a: the key is already at x.yml:1:1', 'x.yml:3:11 b.c: the key is already at x.yml:3:5'] },
  { name: 'an alias of nothing', text: 'a: *b', problems: ['x.yml:1:4 a: the alias *b names nothing before it'] },
  { name: 'an alias within its anchor', text: 'a: &a [1, *a]', problems: ['x.yml:1:11 a.1: the alias *a stands within what it names'] },
  { name: 'a merge of no mapping', text: 'a: {<<: 5}', problems: ['x.yml:1:9 a."<<": expected a mapping, or a list of mappings, to merge'] },
  { name: 'the key __proto__', text: 'a:\n  __proto__: {x: 1}', problems: ['x.yml:2:3 a: "__proto__" cannot be a key'] },
  { name: 'NUL in the text', text: 'a: 1\nb: x\0y', problems: ['x.yml:2:5: the control character U+0000 may not stand in a configuration'] },
  { name: 'an escaped NUL', text: 'a: "x\\0"', problems: ['x.yml:1:4 a: the character U+0000 may not stand in a configuration'] },
  {
    name: 'an unset variable, at its place in the text',
    text: 'a: x ${MISSING}\nb: |\n  y\n  z ${MISSING:-}${ODD',
    problems: [
      'x.yml:1:6 a: the environment variable MISSING is not set; set it, or give a default: ${MISSING:-...}',
      'x.yml:4:17 b: expected ${NAME} or ${NAME:-default}; write "$$" for a dollar sign',
    ],
  },
];
for (const { name, text, problems: expected } of problems) {
  test(`document: reports ${name}`, () => assert.deepEqual(read(text), { value: undefined, problems: expected }));
}

const laughs = (levels: number): string =>
  ['a0: &a0 [x, x, x, x, x, x, x, x, x]', ...Array.from({ length: levels }, (_, level) => `a${level + 1}: &a${level + 1} [${Array(9).fill(`*a${level}`).join(', ')}]`)].join('\n');

const hostile: readonly { name: string; text: string; problems: readonly RegExp[] }[] = [
  { name: 'a billion laughs', text: laughs(9), problems: [/^x\.yml:6:9 a5: more than 200000 values once every alias is written out$/] },
  { name: 'a chain of aliases', text: ['a0: &a0 [x]', ...Array.from({ length: 2000 }, (_, level) => `a${level + 1}: &a${level + 1} [*a${level}]`)].join('\n'), problems: [/nested more than 64 levels deep once every alias is written out$/] },
  { name: 'lists in lists', text: '['.repeat(1e6) + ']'.repeat(1e6), problems: [/^x\.yml:1:6\d: nested more than 64 levels deep$/] },
  { name: 'list items in list items', text: `${'- '.repeat(1e5)}x`, problems: [/nested more than 64 levels deep$/] },
  { name: 'mappings in mappings', text: '{a: '.repeat(1e5), problems: [/nested more than 64 levels deep$/] },
  { name: 'a key of a megabyte', text: `${'k'.repeat(1e6)}: 1`, problems: [/^x\.yml:1:1: YAML: The : indicator must be at most 1024 chars/] },
];
for (const { name, text, problems: expected } of hostile) {
  test(`document: refuses ${name} and goes on living`, () => {
    const { problems: lines } = read(text);
    for (const [index, pattern] of expected.entries()) assert.match(lines[index] ?? '', pattern);
    assert.ok(lines.every((line) => line.length < 500));
  });
}

test('document: reads values of a megabyte', () => {
  const long = 'x y '.repeat(250_000).trim();
  assert.deepEqual(read(`a: ${long}\nb: "${long}"\nc: |-\n ${long}`).value, { a: long, b: long, c: long });
});
