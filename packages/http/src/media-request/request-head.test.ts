import assert from 'node:assert/strict';
import test from 'node:test';
import { requestHead } from './request-head.ts';

const cases: readonly { url: string; lines: readonly RegExp[] }[] = [
  { url: 'http://example.org:8000/a%20b?join=5#x', lines: [/^GET \/a%20b\?join=5 HTTP\/1\.1\r\n/, /\r\nHost: example\.org:8000\r\n/, /\r\nIcy-MetaData: 1\r\n/, /\r\n\r\n$/] },
  { url: 'https://[::1]/', lines: [/^GET \/ HTTP/, /\r\nHost: \[::1\]\r\n/, /\r\nUser-Agent: test\r\n/] },
  { url: 'http://us%65r:p%40ss@h/', lines: [/\r\nAuthorization: Basic dXNlcjpwQHNz\r\n/] },
  { url: 'http://100%:x@h/', lines: [/\r\nAuthorization: Basic MTAwJTp4\r\n/] },
];
for (const { url, lines } of cases) {
  test(`request head: of ${url}`, () => {
    for (const line of lines) assert.match(requestHead(new URL(url), 'test', { 'Icy-MetaData': '1' }), line);
  });
}
