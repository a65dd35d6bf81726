import { createHash, timingSafeEqual } from 'node:crypto';
import { basicLogin, LoginFailures } from '@weir/http';

/** Who a request comes from, for the log; or why it is not let in. */
export type AdminVerdict = { readonly by: string } | { readonly refused: 'disabled' | 'missing' | 'wrong' | 'too-many' };

/** Decides who may administer: whoever has the token. From an address that failed often, nothing is looked at for a while. */
export class AdminGate {
  readonly #tokenHash: () => string | null;
  readonly #failures = new LoginFailures();

  /** @param tokenHash SHA-256 in base64; null: nobody may administer. Asked each time, for a reload may bring another. */
  constructor(tokenHash: () => string | null) {
    this.#tokenHash = tokenHash;
  }

  /**
   * @param authorization the header, empty when absent
   * @param basic whether the token may come as a password, whatever the user (RFC 7617), and not only as a bearer token (RFC 6750)
   * @param nowMillis monotonic
   */
  check(authorization: string, basic: boolean, address: string, nowMillis: number): AdminVerdict {
    const hash = this.#tokenHash();
    if (hash === null) return { refused: 'disabled' };
    const bearer = /^bearer +([!-~]+) *$/i.exec(authorization)?.[1];
    const login = basic && bearer === undefined ? basicLogin(authorization) : null;
    const token = bearer ?? login?.password;
    if (token === undefined) return { refused: 'missing' };
    if (this.#failures.tooMany(address, nowMillis)) return { refused: 'too-many' };
    const right = timingSafeEqual(createHash('sha256').update(token).digest(), Buffer.from(hash, 'base64'));
    if (right) return { by: bearer === undefined ? (login?.user ?? '') : 'the token' };
    this.#failures.add(address, nowMillis);
    return { refused: 'wrong' };
  }
}
