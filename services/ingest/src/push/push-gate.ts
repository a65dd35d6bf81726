import { setTimeout as sleep } from 'node:timers/promises';
import type { PushCredentials } from '@weir/config';
import { LoginFailures, PasswordVerifier } from '@weir/http';
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

  constructor(metrics: Metrics) {
    this.#logins = metrics.count('ingest_logins_total', 'Logins of sources that were checked, by result.', ['result']);
    for (const result of ['right', 'wrong', 'busy']) this.#logins.add({ result }, 0);
  }

  /** The first of several credentials that fit. */
  async check(candidates: readonly PushCredentials[], login: Login, address: string): Promise<LoginVerdict> {
    const verdict = await this.#check(candidates, login, address);
    this.#logins.add({ result: typeof verdict === 'string' ? verdict : 'right' });
    return verdict;
  }

  async #check(candidates: readonly PushCredentials[], { user, password }: Login, address: string): Promise<LoginVerdict> {
    if (this.#failures.tooMany(address, performance.now())) await sleep(loginDelayMillis);
    for (const credentials of candidates) {
      // The wrong user costs as much time as the wrong password.
      const verdict = await this.#verifier.verify(password, credentials.passwordHash);
      if (verdict === 'busy') return 'busy';
      if (verdict === 'right' && (user === null || user === credentials.user)) return credentials;
    }
    this.#failures.add(address, performance.now());
    return 'wrong';
  }
}
