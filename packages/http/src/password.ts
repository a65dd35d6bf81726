import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { HashThread } from './access/hash-thread.ts';
import { passwordChecksMax, passwordChecksWaitingMax, passwordsKnownMax } from './limits.ts';

/** What a hash costs to make and to check (RFC 7914 section 2). */
interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

const usualCost: Cost = { N: 16_384, r: 8, p: 1 };
const hashBytes = 32;

/** Bytes that one check may take, whatever a hash asks for. */
const memoryBytesMax: number = 64 * 1024 * 1024;

/** The hash of a password, `scrypt$N$r$p$salt$hash` with both in base64. Some 40 ms in another thread. */
export async function hashPassword(password: string, salt: Uint8Array): Promise<string> {
  const { N, r, p } = usualCost;
  const hash = await derive(password, salt, hashBytes, usualCost);
  return ['scrypt', N, r, p, Buffer.from(salt).toString('base64'), hash.toString('base64')].join('$');
}

/** Whether a password is the one a hash was made of; false for a hash that is none, or that costs too much. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [, N, r, p, salt = '', given = ''] = /^scrypt\$(\d{1,7})\$(\d{1,2})\$(\d)\$([\w+/=]+)\$([\w+/=]{22,128})$/.exec(hash) ?? [];
  if (N === undefined) return false;
  const expected = Buffer.from(given, 'base64');
  try {
    const derived = await derive(password, Buffer.from(salt, 'base64'), expected.length, { N: Number(N), r: Number(r), p: Number(p) });
    return timingSafeEqual(derived, expected);
  } catch {
    return false;
  }
}

function derive(password: string, salt: Uint8Array, length: number, cost: Cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, { ...cost, maxmem: memoryBytesMax }, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}

/** What came of a check; `busy`: too many are waiting, so it was not made. */
export type PasswordVerdict = 'right' | 'wrong' | 'busy';

/** Checks passwords, a few at a time, and remembers which were right: whoever comes again costs nothing. */
export class PasswordVerifier {
  /** So that what is remembered tells nobody a password. */
  readonly #key = randomBytes(32);
  /** The one that was found right first comes first. */
  readonly #known = new Set<string>();
  readonly #waiting: (() => void)[] = [];
  readonly #thread = new HashThread();
  /** Who comes with the same meanwhile waits for the same answer. */
  readonly #checking = new Map<string, Promise<PasswordVerdict>>();
  #running = 0;

  /** @param hash scrypt as {@link hashPassword} makes it, or of an htpasswd file */
  verify(password: string, hash: string): Promise<PasswordVerdict> {
    const key = this.#keyOf(password, hash);
    if (this.#known.has(key)) return Promise.resolve('right');
    const verdict = this.#checking.get(key) ?? this.#check(key, password, hash).finally(() => this.#checking.delete(key));
    this.#checking.set(key, verdict);
    return verdict;
  }

  /** Whether they were found right before, or are being checked anyway. */
  isCheap(password: string, hash: string): boolean {
    const key = this.#keyOf(password, hash);
    return this.#known.has(key) || this.#checking.has(key);
  }

  async #check(key: string, password: string, hash: string): Promise<PasswordVerdict> {
    if (this.#running >= passwordChecksMax) {
      if (this.#waiting.length >= passwordChecksWaitingMax) return 'busy';
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running++;
    }
    let right: boolean;
    try {
      right = await (hash.startsWith('scrypt$') ? verifyPassword(password, hash) : this.#thread.check(password, hash));
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
    if (!right) return 'wrong';
    const [oldest] = this.#known;
    if (this.#known.size >= passwordsKnownMax && oldest !== undefined) this.#known.delete(oldest);
    this.#known.add(key);
    return 'right';
  }

  #keyOf(password: string, hash: string): string {
    return createHmac('sha256', this.#key).update(`${hash}\n${password}`).digest('base64');
  }
}
