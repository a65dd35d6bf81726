import assert from 'node:assert/strict';
import test from 'node:test';
import { interpolate, plainValue } from './environment.ts';

const environment = { HOST: 'example.org', EMPTY: '', NESTED: '${HOST}' };
const cases: readonly [text: string, filled: string][] = [
  ['http://${HOST}/x', 'http://example.org/x'],
  ['${HOST:-y}${MISSING:-y}${EMPTY:-z}', 'example.orgyz'],
  ['[${EMPTY}]', '[]'],
  ['${MISSING:-}', ''],
  ['${MISSING:-a b:-c}', 'a b:-c'],
  ['$HOST costs 5$', '$HOST costs 5$'],
  ['$${HOST} $$', '${HOST} $'],
  ['${NESTED}', '${HOST}'],
];
for (const [text, filled] of cases) {
  test(`environment: "${text}" becomes "${filled}"`, () => assert.deepEqual(interpolate(text, environment), { text: filled }));
}

const expected = 'expected ${NAME} or ${NAME:-default}; write "$$" for a dollar sign';
const unset = (name: string): string => `the environment variable ${name} is not set; set it, or give a default: \${${name}:-...}`;
const errors: readonly [text: string, problem: string, piece: string][] = [
  ['a ${MISSING}', unset('MISSING'), '${MISSING}'],
  ['${toString}', unset('toString'), '${toString}'],
  ['${HOST', expected, '${HOST'],
  ['${1}', expected, '${1}'],
  ['${}', expected, '${}'],
  ['${HOST-x}', expected, '${HOST-x}'],
];
for (const [text, problem, piece] of errors) {
  test(`environment: refuses "${text}"`, () => assert.deepEqual(interpolate(text, environment), { problem, piece }));
}

test('environment: an unquoted value is what YAML would make of it', () => {
  const texts = ['true', 'false', '', 'null', '5', '-0.5', '1e3', '012', '0x1', 'yes', '10s', '1.2.3'];
  assert.deepEqual(texts.map(plainValue), [true, false, null, null, 5, -0.5, 1000, '012', '0x1', 'yes', '10s', '1.2.3']);
});
