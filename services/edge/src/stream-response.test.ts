import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import test from 'node:test';
import { configurationOf } from '@weir/config';
import type { StreamConfiguration } from '@weir/config';
import { contentTypeOf, icyHeaders, sendHead } from './stream-response.ts';

function stream(over: Partial<StreamConfiguration>): StreamConfiguration {
  const { streams } = configurationOf({ feeds: { f: { command: 'cat' } }, streams: { s: { feed: 'f' } } }, 'test');
  return { ...(streams['s'] ?? assert.fail('no stream')), ...over };
}

function head(httpVersionMinor: number, headers: Record<string, string>): Buffer {
  const parts: Buffer[] = [];
  const socket = { write: (text: string, encoding: BufferEncoding) => parts.push(Buffer.from(text, encoding)) };
  sendHead({ httpVersionMinor, socket } as unknown as IncomingMessage, headers);
  return Buffer.concat(parts);
}

test('head: HTTP/1.1 gets chunks, HTTP/1.0 does not', () => {
  assert.match(head(1, {}).toString(), /\r\nTransfer-Encoding: chunked\r\n/);
  assert.doesNotMatch(head(0, {}).toString(), /Transfer-Encoding/);
});

for (const value of ['a\r\nSet-Cookie: x', 'a\u010d\u010aSet-Cookie: x', 'a\n b', 'a\0b', '日本']) {
  test(`head: a value of ${JSON.stringify(value)} stays in its line`, () => {
    const lines = head(0, { 'X-Value': value }).toString('latin1').split(/\r\n|\n|\r/);
    assert.equal(lines.filter((line) => line !== '').length, 3);
    assert.equal(lines.some((line) => line.startsWith('Set-Cookie')), false);
  });
}

test('head: a station name in any script arrives as UTF-8', () => {
  const { 'icy-name': name = '' } = icyHeaders(stream({ title: 'Rádio 日本' }), false);
  assert.ok(head(0, { 'icy-name': name }).includes(Buffer.from('icy-name: Rádio 日本\r\n')));
});

const types: readonly [name: string, over: Partial<StreamConfiguration>, type: string][] = [
  ['configured', { contentType: 'a/b', path: '/x.ts' }, 'a/b'],
  ['by its format', { format: 'adts', path: '/x.ts' }, 'audio/aac'],
  ['by its path', { path: '/x.webm' }, 'video/webm'],
  ['unknown', { path: '/x' }, 'application/octet-stream'],
];
for (const [name, over, type] of types) test(`content type: ${name}`, () => assert.equal(contentTypeOf(stream(over), null), type));
