import assert from 'node:assert/strict';
import test from 'node:test';
import { ChunkedDecoder } from './chunked-decoder.ts';

/** Pushed in pieces of so many bytes. */
function decode(coded: string, pieceBytes: number): { state: string; body: string } {
  const decoder = new ChunkedDecoder();
  const bytes = Buffer.from(coded, 'latin1');
  const parts: Buffer[] = [];
  let state = 'more';
  for (let at = 0; at < bytes.length && state === 'more'; at += pieceBytes) {
    state = decoder.push(bytes.subarray(at, at + pieceBytes), (data) => parts.push(Buffer.from(data)));
  }
  return { state, body: Buffer.concat(parts).toString('latin1') };
}

const cases: readonly { name: string; coded: string; state: string; body: string }[] = [
  { name: 'one chunk and the end', coded: '5\r\nhello\r\n0\r\n\r\n', state: 'end', body: 'hello' },
  { name: 'several, with sizes in both cases and leading zeros', coded: 'a\r\n0123456789\r\n0B\r\nhello world\r\n000\r\n\r\n', state: 'end', body: '0123456789hello world' },
  { name: 'line ends inside the data', coded: '4\r\n\r\n\r\n\r\n0\r\n\r\n', state: 'end', body: '\r\n\r\n' },
  { name: 'extensions and trailers', coded: '3;name="v"\r\nabc\r\n2 ; x\r\nde\r\n0;last\r\nA: b\r\nC: d\r\n\r\n', state: 'end', body: 'abcde' },
  { name: 'nothing after the end', coded: '1\r\na\r\n0\r\n\r\n5\r\nhello\r\n', state: 'end', body: 'a' },
  { name: 'what is there of an incomplete body', coded: '8\r\nabc', state: 'more', body: 'abc' },
  { name: 'no body that begins with media', coded: '\xff\xfb\x90\x64', state: 'invalid', body: '' },
  { name: 'no size that is none', coded: '\r\n', state: 'invalid', body: '' },
  { name: 'no size beyond 4 GiB', coded: '123456789\r\n', state: 'invalid', body: '' },
  { name: 'no negative size', coded: '-5\r\n', state: 'invalid', body: '' },
  { name: 'no chunk longer than it says', coded: '2\r\nabc\r\n', state: 'invalid', body: 'ab' },
  { name: 'no bare line feed after a size', coded: '2\nab\r\n', state: 'invalid', body: '' },
  { name: 'no bare line feed in an extension', coded: '2;a\nab\r\n', state: 'invalid', body: '' },
  { name: 'no endless extension', coded: `1;${'a'.repeat(5000)}`, state: 'invalid', body: '' },
  { name: 'no endless trailers', coded: `0\r\n${'A: b\r\n'.repeat(1000)}`, state: 'invalid', body: '' },
];
for (const { name, coded, state, body } of cases) {
  test(`chunked decoder: gives ${name}, however it is split`, () => {
    for (const pieceBytes of [1, 2, 3, 5, 7, coded.length]) assert.deepEqual(decode(coded, pieceBytes), { state, body }, `pieces of ${pieceBytes}`);
  });
}
