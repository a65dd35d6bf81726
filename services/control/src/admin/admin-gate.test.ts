import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import { loginFailuresMax } from '@weir/http';
import { AdminGate } from './admin-gate.ts';

const token = 'correct-horse-battery';
const hash = createHash('sha256').update(token).digest('base64');
const basic = (login: string): string => `Basic ${Buffer.from(login).toString('base64')}`;

const cases: readonly (readonly [authorization: string, basic: boolean, verdict: object])[] = [
  [`Bearer ${token}`, false, { by: 'the token' }],
  [`bearer  ${token} `, true, { by: 'the token' }],
  [basic(`admin:${token}`), true, { by: 'admin' }],
  [basic(`relay:${token}`), true, { by: 'relay' }],
  [basic(`admin:${token}`), false, { refused: 'missing' }],
  ['', true, { refused: 'missing' }],
  ['Digest x', true, { refused: 'missing' }],
  [`Bearer ${token}x`, false, { refused: 'wrong' }],
  [basic('admin:'), true, { refused: 'wrong' }],
];
for (const [authorization, mayBeBasic, verdict] of cases) {
  test(`admin gate: ${authorization === '' ? 'nothing' : authorization}${mayBeBasic ? ' to look' : ''} is ${JSON.stringify(verdict)}`, () =>
    assert.deepEqual(new AdminGate(() => hash).check(authorization, mayBeBasic, '::1', 0), verdict));
}

test('admin gate: without a token nobody is let in, with none either', () => {
  assert.deepEqual(new AdminGate(() => null).check('Bearer ', false, '::1', 0), { refused: 'disabled' });
});

test('admin gate: who guesses is not looked at for a minute; others are', () => {
  const gate = new AdminGate(() => hash);
  for (let guess = 0; guess < loginFailuresMax; guess++) assert.deepEqual(gate.check(`Bearer ${guess}`, false, '::1', guess), { refused: 'wrong' });
  assert.deepEqual(gate.check(`Bearer ${token}`, false, '::1', 59_000), { refused: 'too-many' });
  assert.deepEqual(gate.check(`Bearer ${token}`, false, '::2', 59_000), { by: 'the token' });
  assert.deepEqual(gate.check(`Bearer ${token}`, false, '::1', 70_000), { by: 'the token' });
});

test('admin gate: takes another token as soon as there is one', () => {
  let current = hash;
  const gate = new AdminGate(() => current);
  current = createHash('sha256').update('another-token').digest('base64');
  assert.deepEqual(gate.check(`Bearer ${token}`, false, '::1', 0), { refused: 'wrong' });
  assert.deepEqual(gate.check('Bearer another-token', false, '::1', 0), { by: 'the token' });
});
