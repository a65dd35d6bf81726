import assert from 'node:assert/strict';
import test from 'node:test';
import { isLoopback, resolveTarget } from './target.ts';

const addresses: readonly [address: string, loopback: boolean][] = [
  ['127.0.0.1', true],
  ['127.255.3.4', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['128.0.0.1', false],
  ['10.0.0.127', false],
  ['::2', false],
  ['fe80::1', false],
];
for (const [address, loopback] of addresses) {
  test(`target: ${address} is ${loopback ? 'this machine' : 'another machine, for all we know'}`, () => assert.equal(isLoopback(address), loopback));
}

test('target: an address needs no resolver', async () => {
  const { name, address, port, security, isLoopback: isHere } = await resolveTarget(new URL('https://[::1]/x'), false);
  assert.deepEqual({ name, address, port, security, isHere }, { name: '::1', address: '::1', port: 443, security: 'checked', isHere: true });
});
