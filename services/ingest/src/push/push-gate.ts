import { setTimeout as sleep } from 'node:timers/promises';
import type { AccessConfiguration, PushCredentials } from '@weir/config';
import { addressKey, LoginFailures, PasswordVerifier } from '@weir/http';
import type { Login } from '@weir/http';
import type { CountMetric, Metrics } from '@weir/telemetry';
import { loginDelayMillis } from '../limits.ts';

/** The credentials that a login is right for; `busy`: there are too many logins at the same time. */
export type LoginVerdict = PushCredentials | 'wrong' | 'busy';

/** Decides who may push. Guessing is slow: from an address that failed often, every answer comes late. */
export class PushGate {
  readonly #verifier = new PasswordVerifier();
  readonly #failures = new LoginFailures();
  readonly #logins: CountMetric;
  /** Of htpasswd files, by path: hashes by user. */
  #users: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map();

  constructor(metrics: Metrics) {
    this.#logins = metrics.count('ingest_logins_total', 'Logins of sources that were checked, by result.', ['result']);
    for (const result of ['right', 'wrong', 'busy']) this.#logins.add({ result }, 0);
  }

  /** From now on htpasswd files hold this. */
  apply(htpasswd: AccessConfiguration['htpasswd']): void {
    this.#users = new Map(Object.entries(htpasswd).map(([file, users]) => [file, new Map(Object.entries(users))]));
  }

  /** The first of several credentials that fit. */
  async check(candidates: readonly PushCredentials[], login: Login, address: string): Promise<LoginVerdict> {
    const verdict = await this.#check(candidates, login, address);
    this.#logins.add({ result: typeof verdict === 'string' ? verdict : 'right' });
    return verdict;
  }

  async #check(candidates: readonly PushCredentials[], { user, password }: Login, address: string): Promise<LoginVerdict> {
    const key = addressKey(address);
    if (this.#failures.tooMany(key, performance.now())) await sleep(loginDelayMillis);
    for (const credentials of candidates) {
      const hash = this.hashOf(credentials, user);
      // The wrong user costs as much time as the wrong password.
      const verdict = await this.#verifier.verify(password, hash ?? this.#anyHash(credentials));
      if (verdict === 'busy') return 'busy';
      if (verdict === 'right' && hash !== undefined) return credentials;
    }
    this.#failures.add(key, performance.now());
    return 'wrong';
  }

  /**
   * The hash of a user's password now; undefined for a user who may not push.
   *
   * @param user null where the protocol knows only a password: the one user, or `source` of an htpasswd file
   */
  hashOf(credentials: PushCredentials, user: string | null): string | undefined {
    if ('htpasswdFile' in credentials) return this.#users.get(credentials.htpasswdFile)?.get(user ?? 'source');
    return user === null || user === credentials.user ? credentials.passwordHash : undefined;
  }

  #anyHash(credentials: PushCredentials): string {
    if (!('htpasswdFile' in credentials)) return credentials.passwordHash;
    const [hash = ''] = this.#users.get(credentials.htpasswdFile)?.values() ?? [];
    return hash;
  }
}
