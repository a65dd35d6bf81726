import assert from 'node:assert/strict';
import test from 'node:test';
import { localUrl, parseAddress } from './address.ts';

const cases: readonly [text: string, host: string, port: number, url: string][] = [
  ['127.0.0.1:8090', '127.0.0.1', 8090, 'http://127.0.0.1:8090'],
  [':0', '::', 0, 'http://localhost:0'],
  ['8090', '::', 8090, 'http://localhost:8090'],
  ['0.0.0.0:80', '0.0.0.0', 80, 'http://localhost:80'],
  ['[::1]:8090', '::1', 8090, 'http://[::1]:8090'],
  ['radio.example.org:65535', 'radio.example.org', 65535, 'http://radio.example.org:65535'],
];
for (const [text, host, port, url] of cases) {
  test(`address: "${text}" is ${host} port ${port}`, () => {
    assert.deepEqual(parseAddress(text), { host, port });
    assert.equal(localUrl(parseAddress(text), 'http'), url);
    assert.equal(localUrl(parseAddress(text), 'https'), url.replace('http:', 'https:'));
  });
}

for (const text of ['', 'localhost', 'a:b', '1.2.3.4:65536', '::1:80', 'a b:80', 'http://x:80']) {
  test(`address: "${text}" is refused with an example`, () => assert.throws(() => parseAddress(text), /write host:port, such as/));
}
