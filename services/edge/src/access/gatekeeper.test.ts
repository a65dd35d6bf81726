import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import test from 'node:test';
import type { ListenerAccess } from '@weir/config';
import { signedQuery } from '@weir/http';
import { addressFailuresMax } from '../limits.ts';
import { Gatekeeper } from './gatekeeper.ts';
import type { Visitor } from './gatekeeper.ts';

const sha1 = (password: string): string => `{SHA}${createHash('sha1').update(password).digest('base64')}`;
const key = 'a-key-of-letters';
const files = { htpasswd: { users: { anna: sha1('a'), bert: sha1('b') } }, keys: { links: [key] } };
const asks: ListenerAccess = { basic: { htpasswdFile: 'users', realm: 'r' }, signed: { keyFile: 'links' }, allow: [], deny: ['10.0.0.66'] };

const visitor = (login: string, more: Partial<Visitor> = {}): Visitor => ({ address: '10.0.0.1', authorization: `Basic ${Buffer.from(login).toString('base64')}`, query: '', paths: ['/a'], ...more });

function gatekeeper(): { readonly gate: Gatekeeper; readonly told: (login: string, more?: Partial<Visitor>) => Promise<string> } {
  const gate = new Gatekeeper();
  gate.apply({ listeners: null, ...files });
  const told = async (login: string, more?: Partial<Visitor>): Promise<string> => {
    const verdict = await gate.admit(asks, visitor(login, more));
    return verdict.is === 'admitted' ? verdict.grant.by : verdict.why;
  };
  return { gate, told };
}

test('gatekeeper: takes the login or the link that is right, and what is no login for none', async () => {
  const { told } = gatekeeper();
  const link = signedQuery('/a', { expires: 1e10, until: null, address: null }, key);
  const cases: readonly (readonly [login: string, more: Partial<Visitor>, says: string])[] = [
    ['anna:a', {}, 'login'],
    ['anna:a', { query: 'signature=x' }, 'login'],
    ['anna:b', { query: link }, 'signature'],
    ['anna:b', {}, 'wrong-login'],
    ['anna:', {}, 'wrong-login'],
    ['constructor:a', {}, 'wrong-login'],
    ['__proto__:a', {}, 'wrong-login'],
    ['anna', {}, 'no-login'],
    ['', { authorization: 'Bearer anna:a' }, 'no-login'],
    ['', { authorization: undefined, query: 'signature=x' }, 'wrong-signature'],
    ['anna:a', { address: '10.0.0.66', query: link }, 'address'],
    ['anna:a', { address: '-' }, 'address'],
  ];
  for (const [login, more, says] of cases) assert.equal(await told(login, more), says, `${login} ${JSON.stringify(more)}`);
});

test('gatekeeper: lets nobody in by a file that it does not know', async () => {
  const gate = new Gatekeeper();
  assert.deepEqual(await gate.admit(asks, visitor('anna:a')), { is: 'refused', why: 'wrong-login' });
});

test('gatekeeper: who was let in may stay until the password, the key or the address counts no more', async () => {
  const { gate } = gatekeeper();
  const verdict = await gate.admit(asks, visitor('anna:a'));
  const grant = verdict.is === 'admitted' ? verdict.grant : assert.fail(verdict.why);
  assert.equal(gate.holds(grant, asks, '10.0.0.1'), true);
  assert.equal(gate.holds(grant, asks, '10.0.0.66'), false);
  assert.equal(gate.holds({ by: 'anybody' }, asks, '10.0.0.1'), false);
  assert.equal(gate.holds({ by: 'signature', key, untilSeconds: null }, asks, '10.0.0.1'), true);
  assert.equal(gate.holds({ by: 'signature', key, untilSeconds: 1 }, asks, '10.0.0.1'), false);
  assert.equal(gate.holds(grant, { ...asks, basic: null, signed: null }, '10.0.0.1'), true);
  assert.equal(gate.holds(grant, null, '10.0.0.66'), true);
  gate.apply({ listeners: null, htpasswd: { users: { anna: sha1('other'), bert: sha1('b') } }, keys: {} });
  assert.equal(gate.holds(grant, asks, '10.0.0.1'), false);
  assert.equal(gate.holds({ by: 'signature', key, untilSeconds: null }, asks, '10.0.0.1'), false);
});

test('gatekeeper: an address that fails for many names is told to wait, but for whom it has let in', async () => {
  const { told } = gatekeeper();
  assert.equal(await told('anna:a'), 'login');
  for (let count = 0; count < addressFailuresMax; count++) assert.equal(await told(`name ${count}:x`), 'wrong-login');
  assert.equal(await told('somebody:x'), 'throttled');
  assert.equal(await told('bert:b'), 'throttled');
  assert.equal(await told('anna:a'), 'login');
  assert.equal(await told('bert:b', { address: '10.0.0.2' }), 'login');
});
