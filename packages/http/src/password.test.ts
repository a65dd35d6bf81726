import assert from 'node:assert/strict';
import { scryptSync } from 'node:crypto';
import test from 'node:test';
import { passwordChecksMax, passwordChecksWaitingMax } from './limits.ts';
import { hashPassword, PasswordVerifier, verifyPassword } from './password.ts';

const salt = Buffer.from('0123456789abcdef');

test('password: is right for the hash that was made of it, and for no other', async () => {
  const hash = await hashPassword('hackme', salt);
  assert.match(hash, /^scrypt\$16384\$8\$1\$[\w+/=]+\$[\w+/=]+$/);
  assert.equal(hash.split('$')[5], scryptSync('hackme', salt, 32, { N: 16_384, r: 8, p: 1 }).toString('base64'));
  assert.equal(await verifyPassword('hackme', hash), true);
  for (const wrong of ['', 'hackm', 'hackme ', 'Hackme']) assert.equal(await verifyPassword(wrong, hash), false);
});

const noHashes: readonly [name: string, hash: string][] = [
  ['nothing', ''],
  ['plain text', 'hackme'],
  ['another method', 'bcrypt$10$8$1$AAAA$AAAAAAAAAAAAAAAAAAAAAA=='],
  ['an empty hash', 'scrypt$16384$8$1$AAAA$'],
  ['a cost that is no power of two', `scrypt$16383$8$1$AAAA$${'A'.repeat(43)}=`],
  ['a cost beyond all memory', `scrypt$1048576$64$1$AAAA$${'A'.repeat(43)}=`],
];
for (const [name, hash] of noHashes) {
  test(`password: none is right for ${name}`, async () => assert.equal(await verifyPassword('hackme', hash), false));
}

test('password verifier: tells right from wrong, the second time as well', async () => {
  const verifier = new PasswordVerifier();
  const hash = await hashPassword('hackme', salt);
  for (const password of ['hackme', 'hackme', 'wrong', 'wrong']) assert.equal(await verifier.verify(password, hash), password === 'hackme' ? 'right' : 'wrong');
});

test('password verifier: lets so many wait, and no more; who is known never waits', async () => {
  const verifier = new PasswordVerifier();
  const hash = await hashPassword('hackme', salt);
  await verifier.verify('hackme', hash);
  const flood = Array.from({ length: passwordChecksMax + passwordChecksWaitingMax + 3 }, (_, index) => verifier.verify(`guess ${index}`, hash));
  assert.equal(await Promise.race([verifier.verify('hackme', hash), flood[0]]), 'right');
  const verdicts = await Promise.all(flood);
  assert.equal(verdicts.filter((verdict) => verdict === 'busy').length, 3);
  assert.equal(verdicts.filter((verdict) => verdict === 'wrong').length, passwordChecksMax + passwordChecksWaitingMax);
  assert.equal(await verifier.verify('other', hash), 'wrong');
});
