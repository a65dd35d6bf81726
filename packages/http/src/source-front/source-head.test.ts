import assert from 'node:assert/strict';
import test from 'node:test';
import { headEnd, parseSourceHead } from './source-head.ts';

const heads: readonly { name: string; head: string; method: string; path: string; version: string; headers: Record<string, string> }[] = [
  {
    name: 'ffmpeg',
    head: 'PUT /live.mp3 HTTP/1.1\r\nUser-Agent: Lavf/59.27.100\r\nExpect: 100-continue\r\nIce-Public: 0\r\n\r\n',
    method: 'PUT',
    path: '/live.mp3',
    version: 'HTTP/1.1',
    headers: { 'user-agent': 'Lavf/59.27.100', expect: '100-continue', 'ice-public': '0' },
  },
  {
    name: 'an old encoder with ICE/1.0, line feeds alone and no space after the colon',
    head: 'SOURCE /live ICE/1.0\nice-name:Radio\nice-url: http://a/b:c \n\n',
    method: 'SOURCE',
    path: '/live',
    version: 'ICE/1.0',
    headers: { 'ice-name': 'Radio', 'ice-url': 'http://a/b:c' },
  },
  { name: 'a head without headers', head: 'SOURCE / HTTP/1.0\r\n\r\n', method: 'SOURCE', path: '/', version: 'HTTP/1.0', headers: {} },
  { name: 'a path with a query, percent signs and UTF-8', head: 'PUT /caf%C3%A9%20au/lait?a=b HTTP/1.1\r\n\r\n', method: 'PUT', path: '/café au/lait', version: 'HTTP/1.1', headers: {} },
  { name: 'a whole URL', head: 'PUT http://radio.example:8000/live?x HTTP/1.1\r\n\r\n', method: 'PUT', path: '/live', version: 'HTTP/1.1', headers: {} },
  { name: 'a path in raw UTF-8', head: 'SOURCE /café ICE/1.0\r\n\r\n', method: 'SOURCE', path: '/café', version: 'ICE/1.0', headers: {} },
  { name: 'a name in UTF-8', head: 'PUT / HTTP/1.1\r\nIce-Name: Ätherwelle\r\n\r\n', method: 'PUT', path: '/', version: 'HTTP/1.1', headers: { 'ice-name': 'Ätherwelle' } },
  { name: 'the same header twice', head: 'PUT / HTTP/1.1\r\nX-A: 1\r\nx-a: 2\r\n\r\n', method: 'PUT', path: '/', version: 'HTTP/1.1', headers: { 'x-a': '1, 2' } },
  { name: 'an empty value', head: 'PUT / HTTP/1.1\r\nIce-Genre:\r\n\r\n', method: 'PUT', path: '/', version: 'HTTP/1.1', headers: { 'ice-genre': '' } },
];
for (const { name, head, method, path, version, headers } of heads) {
  test(`source head: reads ${name}, with its end at the same place however it is split`, () => {
    const bytes = Buffer.from(`${head}media\r\n\r\n`);
    const end = Buffer.byteLength(head);
    for (let length = 1; length < end; length++) assert.equal(headEnd(bytes.subarray(0, length), Math.max(0, length - 3)), -1);
    assert.equal(headEnd(bytes.subarray(0, end), end - 3), end);
    assert.equal(headEnd(bytes, 0), end);
    const parsed = parseSourceHead(bytes.subarray(0, end));
    assert.ok(!('status' in parsed));
    assert.deepEqual([parsed.method, parsed.path, parsed.httpVersion, Object.fromEntries(parsed.headers)], [method, path, version, headers]);
  });
}

test('source head: reads a name in ISO 8859-1', () => {
  const parsed = parseSourceHead(Buffer.from('PUT / HTTP/1.1\r\nIce-Name: Ätherwelle\r\n\r\n', 'latin1'));
  assert.ok(!('status' in parsed));
  assert.equal(parsed.headers.get('ice-name'), 'Ätherwelle');
});

const refused: readonly [name: string, head: string][] = [
  ['no version', 'SOURCE /live\r\n\r\n'],
  ['an unknown version', 'PUT /live HTTP/2.0\r\n\r\n'],
  ['a password in place of a path', 'SOURCE hackme HTTP/1.0\r\n\r\n'],
  ['a space in the path', 'PUT /a b HTTP/1.1\r\n\r\n'],
  ['a path that is not percent-encoded right', 'PUT /%zz HTTP/1.1\r\n\r\n'],
  ['a control character in the path', 'PUT /a%0d%0ab HTTP/1.1\r\n\r\n'],
  ['a header without a colon', 'PUT / HTTP/1.1\r\nnonsense\r\n\r\n'],
  ['a folded header', 'PUT / HTTP/1.1\r\nX-A: 1\r\n 2\r\n\r\n'],
  ['a space before the colon', 'PUT / HTTP/1.1\r\nContent-Length : 5\r\n\r\n'],
  ['too many headers', `PUT / HTTP/1.1\r\n${'a: b\r\n'.repeat(101)}\r\n`],
];
for (const [name, head] of refused) {
  test(`source head: refuses ${name}`, () => {
    const parsed = parseSourceHead(Buffer.from(head));
    assert.ok('status' in parsed);
    assert.equal(parsed.status, 400);
  });
}

test('source head: a value may end in a byte of UTF-8 that looks like a blank', () => {
  const parsed = parseSourceHead(Buffer.from('PUT / HTTP/1.1\r\nIce-Name: \t voil\u00e0 \t\r\n\r\n'));
  assert.ok(!('status' in parsed));
  assert.equal(parsed.headers.get('ice-name'), 'voil\u00e0');
});
