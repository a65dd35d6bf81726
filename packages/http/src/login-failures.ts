import { loginAddressesMax, loginFailuresMax, loginWindowMillis } from './limits.ts';

/** Counts failed logins by client address. Bounded: who fails from many addresses pushes out only the oldest. */
export class LoginFailures {
  /** The one that failed least lately comes first. */
  readonly #addresses = new Map<string, { readonly sinceMillis: number; readonly count: number }>();
  readonly #failuresMax: number;

  /** @param failuresMax how many are free in the window */
  constructor(failuresMax: number = loginFailuresMax) {
    this.#failuresMax = failuresMax;
  }

  add(address: string, nowMillis: number): void {
    const before = this.#find(address, nowMillis);
    this.#addresses.delete(address);
    this.#addresses.set(address, { sinceMillis: before?.sinceMillis ?? nowMillis, count: (before?.count ?? 0) + 1 });
    const [oldest] = this.#addresses.keys();
    if (this.#addresses.size > loginAddressesMax && oldest !== undefined) this.#addresses.delete(oldest);
  }

  /** True when an address has failed so often that its answers are to come late. */
  tooMany(address: string, nowMillis: number): boolean {
    return (this.#find(address, nowMillis)?.count ?? 0) >= this.#failuresMax;
  }

  /** Milliseconds until an address has failed too often no more; 0 for one that has not. */
  waitMillis(address: string, nowMillis: number): number {
    const entry = this.#find(address, nowMillis);
    return entry === undefined || entry.count < this.#failuresMax ? 0 : entry.sinceMillis + loginWindowMillis - nowMillis;
  }

  /** Its failures count no more. */
  forget(address: string): void {
    this.#addresses.delete(address);
  }

  #find(address: string, nowMillis: number): { readonly sinceMillis: number; readonly count: number } | undefined {
    const entry = this.#addresses.get(address);
    return entry !== undefined && nowMillis - entry.sinceMillis < loginWindowMillis ? entry : undefined;
  }
}
