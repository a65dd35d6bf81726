import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeToken, encodeToken, Subjects } from './subjects.ts';

const names = ['cam', 'cam-hd_2', 'news.mp3', 'a b', '*', '>', '$JS', 'ü/é', '=2e', '../x', '\u0000', '日本'];
for (const name of names) {
  test(`subject: the name ${JSON.stringify(name)} comes back, and its token is safe`, () => {
    const token = encodeToken(name);
    assert.match(token, /^[A-Za-z0-9_=-]+$/);
    assert.equal(decodeToken(token), name);
    assert.equal(Subjects.nameIn(new Subjects().frames(name)), name);
  });
}

test('subject: no two names share a token', () => assert.equal(new Set(names.map(encodeToken)).size, names.length));

for (const bad of ['', 'x'.repeat(421)]) {
  test(`subject: a name of ${bad.length} characters is refused`, () => assert.throws(() => encodeToken(bad), RangeError));
}

for (const bad of ['a.b', 'a=2', 'a=GG', '=ff']) {
  test(`subject: "${bad}" is no token of ours`, () => assert.equal(decodeToken(bad), null));
}

for (const bad of ['', 'a..b', 'a.', 'a b', 'a.>']) {
  test(`subject: the prefix "${bad}" is refused`, () => assert.throws(() => new Subjects(bad), RangeError));
}
