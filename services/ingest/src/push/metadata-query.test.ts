import assert from 'node:assert/strict';
import test from 'node:test';
import { parseMetadataQuery } from './metadata-query.ts';

const songs: readonly [name: string, query: string, song: string | undefined][] = [
  ['plain text', 'mode=updinfo&mount=%2Flive&song=Artist%20-%20Title', 'Artist - Title'],
  ['plus signs', 'song=Artist+-+1%2B1', 'Artist - 1+1'],
  ['UTF-8', 'song=Bj%C3%B6rk', 'Björk'],
  ['ISO 8859-1 that says so', 'song=Bj%F6rk&charset=ISO-8859-1', 'Björk'],
  ['latin1, which is the same', 'charset=latin1&song=Bj%F6rk', 'Björk'],
  ['UTF-8 that is called ISO 8859-1, as it was asked', 'song=%C3%B6&charset=iso-8859-1', 'Ã¶'],
  ['ISO 8859-1 that does not say so', 'song=Bj%F6rk', 'Björk'],
  ['Shift JIS', 'song=%82%A0&charset=Shift_JIS', 'あ'],
  ['raw bytes', Buffer.from('song=Björk').toString('latin1'), 'Björk'],
  ['an empty charset', 'song=Bj%C3%B6rk&charset=', 'Björk'],
  ['a percent sign that stands for itself', 'song=100%&x=%zz', '100%'],
  ['an equals sign in the value', 'song=a=b', 'a=b'],
  ['the first of two', 'song=a&song=b', 'a'],
  ['an empty one', 'song', ''],
  ['none', '', undefined],
];
for (const [name, query, song] of songs) {
  test(`metadata query: reads ${name}`, () => assert.equal(parseMetadataQuery(query).get('song'), song));
}

test('metadata query: refuses a character set that nobody knows', () => {
  assert.throws(() => parseMetadataQuery('song=a&charset=klingon'), /The charset is unknown/);
});
