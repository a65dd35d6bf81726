import { loginAddressesMax, loginFailuresMax, loginWindowMillis } from './limits.ts';

/** Counts failed logins by client address. Bounded: who fails from many addresses pushes out only the oldest. */
export class LoginFailures {
  /** The one that failed least lately comes first. */
  readonly #addresses = new Map<string, { readonly sinceMillis: number; readonly count: number }>();

  add(address: string, nowMillis: number): void {
    const before = this.#find(address, nowMillis);
    this.#addresses.delete(address);
    this.#addresses.set(address, { sinceMillis: before?.sinceMillis ?? nowMillis, count: (before?.count ?? 0) + 1 });
    const [oldest] = this.#addresses.keys();
    if (this.#addresses.size > loginAddressesMax && oldest !== undefined) this.#addresses.delete(oldest);
  }

  /** True when an address has failed so often that its answers are to come late. */
  tooMany(address: string, nowMillis: number): boolean {
    return (this.#find(address, nowMillis)?.count ?? 0) >= loginFailuresMax;
  }

  #find(address: string, nowMillis: number): { readonly sinceMillis: number; readonly count: number } | undefined {
    const entry = this.#addresses.get(address);
    return entry !== undefined && nowMillis - entry.sinceMillis < loginWindowMillis ? entry : undefined;
  }
}
