import { createHash } from 'node:crypto';

const alphabet = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Which bytes of the digest make up each group of four letters; the last makes two. */
const groups = [[0, 6, 12], [1, 7, 13], [2, 8, 14], [3, 9, 15], [4, 10, 5], [11]] as const;

/**
 * Apache's MD5 hash of a password, `$apr1$salt$hash`: FreeBSD's algorithm of crypt(3) with another name in it. A thousand rounds,
 * which take a few milliseconds.
 *
 * @param salt of 1 to 8 characters
 */
export function apr1(password: string, salt: string): string {
  const [secret, grain] = [Buffer.from(password), Buffer.from(salt)];
  const inner = md5(secret, grain, secret);
  const begin: Uint8Array[] = [secret, Buffer.from('$apr1$'), grain];
  for (let left = secret.length; left > 0; left -= 16) begin.push(inner.subarray(0, Math.min(16, left)));
  for (let bits = secret.length; bits > 0; bits >>= 1) begin.push((bits & 1) === 1 ? Buffer.alloc(1) : secret.subarray(0, 1));
  let digest = md5(...begin);
  for (let round = 0; round < 1000; round++) {
    const parts: Uint8Array[] = [round % 2 === 1 ? secret : digest];
    if (round % 3 !== 0) parts.push(grain);
    if (round % 7 !== 0) parts.push(secret);
    parts.push(round % 2 === 1 ? digest : secret);
    digest = md5(...parts);
  }
  return `$apr1$${salt}$${groups.map((bytes) => letters(bytes.map((index) => digest[index] ?? 0))).join('')}`;
}

function md5(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Six bits a letter, the last first; three bytes make four letters, one byte two. */
function letters(bytes: readonly number[]): string {
  let value = bytes.reduce((all, byte) => (all << 8) | byte, 0);
  let text = '';
  for (let count = bytes.length === 1 ? 2 : 4; count > 0; count--) {
    text += alphabet[value & 63] ?? '';
    value >>= 6;
  }
  return text;
}
