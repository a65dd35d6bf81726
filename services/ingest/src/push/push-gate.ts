import { setTimeout as sleep } from 'node:timers/promises';
import type { PushCredentials } from '@weir/config';
import { PasswordVerifier } from '@weir/http';
import { loginDelayMillis } from '../limits.ts';
import { LoginFailures } from './login-failures.ts';

/** What a client says about itself; a null user where the protocol knows only a password. */
export interface Login {
  readonly user: string | null;
  readonly password: string;
}

/** The credentials that a login is right for; `busy`: there are too many logins at the same time. */
export type LoginVerdict = PushCredentials | 'wrong' | 'busy';

/** Decides who may push. Guessing is slow: from an address that failed often, every answer comes late. */
export class PushGate {
  readonly #verifier = new PasswordVerifier();
  readonly #failures = new LoginFailures();

  /** The first of several credentials that fit. */
  async check(candidates: readonly PushCredentials[], { user, password }: Login, address: string): Promise<LoginVerdict> {
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

/** The login in an `Authorization` header (RFC 7617); null when there is none. */
export function basicLogin(authorization: string | undefined): Login | null {
  const [, encoded] = /^basic\s+([\w+/=-]+)\s*$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return null;
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
