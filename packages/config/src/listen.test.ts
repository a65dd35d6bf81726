import assert from 'node:assert/strict';
import test from 'node:test';
import { parseListen } from './listen.ts';
import { problemLines, resolved } from './problem-lines.ts';
import type { ListenAddress } from './listen.ts';

const withListen = (listen: string): string => `listen: ${listen}\nstreams: { a: { command: cat } }`;

const cases: readonly [listen: string, address: ListenAddress][] = [
  ['127.0.0.1:8090', { host: '127.0.0.1', port: 8090 }],
  [':8090', { host: null, port: 8090 }],
  ['localhost:0', { host: 'localhost', port: 0 }],
  ['"[::1]:65535"', { host: '::1', port: 65_535 }],
];
for (const [listen, address] of cases) {
  test(`listen: takes ${listen}`, () => assert.deepEqual(parseListen(resolved(withListen(listen)).listen), address));
}

test('listen: is 127.0.0.1:8090 by default', () => assert.equal(resolved('streams: { a: { command: cat } }').listen, '127.0.0.1:8090'));

const form = 'expected an address and a port such as 127.0.0.1:8090, "[::1]:8090" or :8090 for every address';
const errors: readonly [listen: string, message: string][] = [
  ['8090', `${form}, got 8090`],
  ['localhost', `${form}, got "localhost"`],
  ['"::1:80:"', `${form}, got "::1:80:"`],
  ['"http://x:80"', `${form}, got "http://x:80"`],
  ['x:70000', 'expected a port from 0 to 65535, got "x:70000"'],
];
for (const [listen, message] of errors) {
  test(`listen: refuses ${listen}`, () => assert.deepEqual(problemLines(withListen(listen)), [`weir.yml:1:9 listen: ${message}`]));
}
