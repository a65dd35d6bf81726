import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import test from 'node:test';
import { Cursor } from '@weir/ring';
import { accessLine } from './access-line.ts';
import { Listener } from './listener.ts';

const identity = { address: '203.0.113.7', method: 'GET', target: '/cam.ts?join=live', httpVersion: '1.1', referer: '', userAgent: 'VLC/3.0 "x"\r\n\u001b[31m', grant: { by: 'anybody' } } as const;

test('access line: is the combined format, then seconds, skips and the reason, with client text escaped', () => {
  const listener = new Listener(1, new Socket(), new Cursor(0), 'chunked', identity, null, 1000);
  listener.bytes = 12345;
  assert.equal(
    accessLine(listener, 'stalled', 3500, new Date(Date.UTC(2026, 0, 2, 3, 4, 5))),
    '203.0.113.7 - - [02/Jan/2026:03:04:05 +0000] "GET /cam.ts?join=live HTTP/1.1" 200 12345 "-" "VLC/3.0 \\"x\\"\\u000d\\u000a\\u001b[31m" 2.5 0 stalled',
  );
});

test('access line: has the user, and neither password nor signature', () => {
  const known = { ...identity, target: '/a?si%67nature=secret&join=live', referer: 'http://x/a?signature=secret#y', userAgent: '', grant: { by: 'login', user: 'anna b"c', hash: 'secret' } } as const;
  const line = accessLine(new Listener(1, new Socket(), new Cursor(0), 'chunked', known, null, 0), 'revoked', 0, new Date(0));
  assert.ok(line.startsWith('203.0.113.7 - anna%20b%22c [01/Jan/1970:00:00:00 +0000] "GET /a?signature=****&join=live HTTP/1.1" 200 0 "http://x/a?signature=****#y"'), line);
  assert.ok(!line.includes('secret'));
});
