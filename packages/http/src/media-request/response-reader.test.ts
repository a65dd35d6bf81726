import assert from 'node:assert/strict';
import test from 'node:test';
import { responseHeadBytesMax } from '../limits.ts';
import { ResponseError } from './response-head.ts';
import type { ResponseHead } from './response-head.ts';
import { ResponseReader } from './response-reader.ts';

interface Reading {
  readonly head: ResponseHead | null;
  readonly body: string;
  readonly isComplete: boolean;
  readonly mayEnd: boolean;
}

function read(pieces: readonly Uint8Array[]): Reading {
  let head: ResponseHead | null = null;
  let body = '';
  const reader = new ResponseReader({
    onHead: (told) => {
      assert.equal(head, null);
      head = told;
    },
    onBody: (bytes) => {
      assert.ok(head !== null && bytes.length > 0);
      body += Buffer.from(bytes).toString('latin1');
    },
  });
  for (const piece of pieces) reader.push(piece);
  return { head, body, isComplete: reader.isComplete, mayEnd: reader.mayEnd };
}

/** The whole, every cut in two, and one byte at a time. */
function* splits(text: string): Iterable<readonly Buffer[]> {
  const bytes = Buffer.from(text, 'latin1');
  yield [bytes];
  for (let cut = 1; cut < bytes.length; cut++) yield [bytes.subarray(0, cut), bytes.subarray(cut)];
  yield Array.from({ length: bytes.length }, (_, index) => bytes.subarray(index, index + 1));
}

const ok = 'HTTP/1.1 200 OK\r\n';
const cases: readonly { name: string; text: string; status: number; fields?: Readonly<Record<string, string>>; body: string; end: 'complete' | 'may' | 'cut' }[] = [
  { name: 'a counted body', text: `${ok}Content-Type: audio/mpeg\r\nContent-Length: 5\r\n\r\nabcde`, status: 200, fields: { 'content-type': 'audio/mpeg', 'content-length': '5' }, body: 'abcde', end: 'complete' },
  { name: 'a counted body that is cut', text: `${ok}Content-Length: 5\r\n\r\nabc`, status: 200, body: 'abc', end: 'cut' },
  { name: 'nothing behind a counted body', text: `${ok}Content-Length: 2\r\n\r\nabHTTP/1.1`, status: 200, body: 'ab', end: 'complete' },
  { name: 'a body up to the end', text: 'HTTP/1.0 200 OK\r\ncontent-type:video/mp2t\r\n\r\na\r\n\r\nb', status: 200, fields: { 'content-type': 'video/mp2t' }, body: 'a\r\n\r\nb', end: 'may' },
  { name: 'a status line of SHOUTcast', text: 'ICY 200 OK\r\nicy-name: x\r\nContent-Type: audio/aacp\r\n\r\nabc', status: 200, fields: { 'icy-name': 'x', 'content-type': 'audio/aacp' }, body: 'abc', end: 'may' },
  { name: 'lines without carriage return', text: 'HTTP/1.1 200 OK\nContent-Length: 3\n\nabc', status: 200, body: 'abc', end: 'complete' },
  { name: 'chunks with extension and trailer', text: `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n4;a="b"\r\nab\r\n\r\nA \r\n0123456789\r\n00\r\nX: y\r\nZ: 1\r\n\r\n`, status: 200, body: 'ab\r\n0123456789', end: 'complete' },
  { name: 'chunks that are cut between two', text: `${ok}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n`, status: 200, body: 'ab', end: 'cut' },
  { name: 'chunks that are cut within one', text: `${ok}Transfer-Encoding: chunked\r\n\r\nff\r\nab`, status: 200, body: 'ab', end: 'cut' },
  { name: 'an interim answer before', text: `HTTP/1.1 100 Continue\r\n\r\n${ok}Content-Length: 1\r\n\r\na`, status: 200, body: 'a', end: 'complete' },
  { name: 'a refusal', text: 'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 4\r\n\r\nlate', status: 503, fields: { 'retry-after': '2', 'content-length': '4' }, body: 'late', end: 'complete' },
  { name: 'an answer that has no body', text: 'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n', status: 204, body: '', end: 'complete' },
  { name: 'no fields, no reason', text: 'HTTP/1.1 404\r\n\r\n', status: 404, body: '', end: 'may' },
];
for (const { name, text, status, fields, body, end } of cases) {
  test(`response reader: reads ${name}, however it is split`, () => {
    for (const pieces of splits(text)) {
      const reading = read(pieces);
      assert.deepEqual([reading.head?.status, reading.body], [status, body]);
      if (fields !== undefined) assert.deepEqual(Object.fromEntries(reading.head?.fields ?? []), fields);
      assert.deepEqual([reading.isComplete, reading.mayEnd], [end === 'complete', end !== 'cut']);
    }
  });
}

const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;
const refusals: readonly { name: string; text: string; says: RegExp }[] = [
  { name: 'something else', text: 'SSH-2.0-OpenSSH_9.2\x1b[2J\r\n\r\n', says: /no HTTP status line: "SSH-2\.0-OpenSSH_9\.2\\u001b\[2J"/ },
  { name: 'a head without end', text: `${ok}${'X: y\r\n'.repeat(responseHeadBytesMax / 6)}`, says: /more than 16384 bytes/ },
  { name: 'a length that is no number', text: `${ok}Content-Length: -1\r\n\r\n`, says: /Content-Length/ },
  { name: 'a chunk without size', text: `${chunked}\r\nab`, says: /not chunked/ },
  { name: 'a chunk of a size beyond belief', text: `${chunked}fffffffffffff\r\n`, says: /not chunked/ },
  { name: 'a chunk that is longer than it says', text: `${chunked}2\r\nabc\r\n`, says: /not chunked/ },
  { name: 'a trailer without end', text: `${chunked}0\r\n${'X: y\r\n'.repeat(responseHeadBytesMax / 6 + 1)}`, says: /not chunked/ },
];
for (const { name, text, says } of refusals) {
  test(`response reader: refuses ${name}`, () => {
    assert.throws(() => read([Buffer.from(text)]), (error) => error instanceof ResponseError && says.test(error.message));
    assert.throws(() => read(Array.from(Buffer.from(text), (byte) => Buffer.from([byte]))), ResponseError);
  });
}
