import assert from 'node:assert/strict';
import test from 'node:test';
import { isLoopback, requestHead, resolveTarget } from './target.ts';

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

const requests: readonly { url: string; lines: readonly RegExp[] }[] = [
  { url: 'http://example.org:8000/a%20b?join=5#x', lines: [/^GET \/a%20b\?join=5 HTTP\/1\.1\r\n/, /\r\nHost: example\.org:8000\r\n/, /\r\n\r\n$/] },
  { url: 'https://[::1]/', lines: [/^GET \/ HTTP/, /\r\nHost: \[::1\]\r\n/] },
  { url: 'http://us%65r:p%40ss@h/', lines: [/\r\nAuthorization: Basic dXNlcjpwQHNz\r\n/] },
];
for (const { url, lines } of requests) {
  test(`target: the request for ${url}`, () => {
    for (const line of lines) assert.match(requestHead(new URL(url)), line);
  });
}

test('target: an address needs no resolver', async () => {
  const { name, address, port, secure, isLoopback: isHere } = await resolveTarget(new URL('https://[::1]/x'));
  assert.deepEqual({ name, address, port, secure, isHere }, { name: '::1', address: '::1', port: 443, secure: true, isHere: true });
});
