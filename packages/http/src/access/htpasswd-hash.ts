import { createHash, timingSafeEqual } from 'node:crypto';
import { compareSync } from 'bcryptjs';
import { apr1 } from './apr1.ts';

/** Characters of a password that is looked at; what is longer is wrong. bcrypt itself looks at 72 bytes. */
const passwordCharactersMax = 1000;

/**
 * Whether a password is the one that a hash of an htpasswd file was made of: bcrypt, `$apr1$` or `{SHA}`. It blocks its thread, with
 * bcrypt for 4 ms (cost 5) to a second and more (cost 14). False for a hash that is none.
 */
export function verifyHtpasswd(password: string, hash: string): boolean {
  if (password.length > passwordCharactersMax) return false;
  if (/^\$2[aby]\$/.test(hash)) return compareSync(password, hash);
  const salt = /^\$apr1\$([^$]{1,8})\$/.exec(hash)?.[1];
  if (salt !== undefined) return equal(apr1(password, salt), hash);
  return hash.startsWith('{SHA}') && equal(`{SHA}${createHash('sha1').update(password).digest('base64')}`, hash);
}

function equal(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
