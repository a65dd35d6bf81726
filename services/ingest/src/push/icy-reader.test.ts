import assert from 'node:assert/strict';
import test from 'node:test';
import { icyInterval, IcyReader } from './icy-reader.ts';

function block(text: string | Uint8Array): Buffer {
  const bytes = Buffer.from(text as string);
  const padded = Buffer.alloc(1 + Math.ceil(bytes.length / 16) * 16);
  padded[0] = Math.ceil(bytes.length / 16);
  bytes.copy(padded, 1);
  return padded;
}

const input = Buffer.concat([
  Buffer.from('0123456789'),
  block("StreamTitle='Artist - Title';StreamUrl='http://a';"),
  Buffer.from('abcdefghij'),
  Buffer.from([0]),
  Buffer.from('klmnopqrst'),
  block("StreamTitle='Don't; it's';"),
  Buffer.from('uvwxyz0123'),
  block(Buffer.from("StreamTitle='Bj\u00f6rk'", 'latin1')),
  Buffer.from('456789ABCD'),
  block('nothing known'),
  Buffer.from('EF'),
]);

test('ICY reader: gives media and titles apart, however they are split', () => {
  for (let pieceBytes = 1; pieceBytes <= input.length; pieceBytes++) {
    const reader = new IcyReader(10);
    let media = '';
    const titles: string[] = [];
    for (let at = 0; at < input.length; at += pieceBytes) {
      reader.push(input.subarray(at, at + pieceBytes), { onBytes: (bytes) => (media += Buffer.from(bytes).toString()), onTitle: (title) => titles.push(title) });
    }
    assert.equal(media, '0123456789abcdefghijklmnopqrstuvwxyz0123456789ABCDEF');
    assert.deepEqual(titles, ['Artist - Title', "Don't; it's", 'Björk']);
  }
});

for (const [header, interval] of [['8192', 8192], [undefined, null], ['0', null], ['-1', null], ['8192, 8192', null], ['999999999', null], ['x', null]] as const) {
  test(`ICY interval: of "${header}" is ${interval}`, () => assert.equal(icyInterval(header), interval));
}
