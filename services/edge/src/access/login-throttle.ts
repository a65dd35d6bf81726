import { createHash } from 'node:crypto';
import { addressKey, LoginFailures } from '@weir/http';
import { addressFailuresMax, addressLoginsMax } from '../limits.ts';

/**
 * Slows guessing down without keeping out who lives behind the same address: wrong passwords are counted for each user name at an
 * address, and only at ten times as many for the address (of IPv6, the network of 64 bits). Bounded by {@link LoginFailures}.
 */
export class LoginThrottle {
  readonly #names = new LoginFailures();
  readonly #addresses = new LoginFailures(addressFailuresMax);
  /** Passwords that are being checked now, by address. */
  readonly #checks = new Map<string, number>();

  /** Seconds after which a login may be tried again; 0: now. */
  waitSeconds(address: string, user: string, nowMillis: number): number {
    const wait = Math.max(this.#names.waitMillis(nameKey(address, user), nowMillis), this.#addresses.waitMillis(addressKey(address), nowMillis));
    return Math.ceil(wait / 1000);
  }

  /** Counts a check that is about to be made. False: too many for this address are going on. */
  begin(address: string): boolean {
    const key = addressKey(address);
    const count = this.#checks.get(key) ?? 0;
    if (count >= addressLoginsMax) return false;
    this.#checks.set(key, count + 1);
    return true;
  }

  /** A check that was begun is over. */
  end(address: string): void {
    const key = addressKey(address);
    const count = this.#checks.get(key) ?? 0;
    if (count > 1) this.#checks.set(key, count - 1);
    else this.#checks.delete(key);
  }

  /** The wrong passwords of a user name that has logged in count no more; those of the address do. */
  succeeded(address: string, user: string): void {
    this.#names.forget(nameKey(address, user));
  }

  failed(address: string, user: string, nowMillis: number): void {
    this.#names.add(nameKey(address, user), nowMillis);
    this.#addresses.add(addressKey(address), nowMillis);
  }
}

/** Of one length, however long a name somebody sends. */
function nameKey(address: string, user: string): string {
  return `${addressKey(address)} ${createHash('sha256').update(user).digest('base64')}`;
}
