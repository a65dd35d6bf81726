import type { AccessConfiguration, ListenerAccess } from '@weir/config';
import { basicLogin, checkSigned, PasswordVerifier, readSignedQuery } from '@weir/http';
import { AccessPolicies, holds } from './access-policy.ts';
import type { AccessPolicy } from './access-policy.ts';
import type { AccessRefusal, Grant } from './grant.ts';
import { LoginThrottle } from './login-throttle.ts';

/** Who asks, and what they show for it. */
export interface Visitor {
  readonly address: string;
  readonly authorization: string | undefined;
  /** Without a question mark, still encoded. */
  readonly query: string;
  /** Any of which a link may be signed for. */
  readonly paths: readonly string[];
}

/** What a visitor is told. */
export type Verdict =
  | { readonly is: 'admitted'; readonly grant: Grant }
  | { readonly is: 'refused'; readonly why: AccessRefusal; readonly retryAfterSeconds?: number };

const anybody: Grant = { by: 'anybody' };

/** Decides who may listen, and whether they still may. */
export class Gatekeeper {
  readonly #verifier = new PasswordVerifier();
  readonly #throttle = new LoginThrottle();
  #policies = new AccessPolicies({ htpasswd: {}, keys: {} });

  /** From now on these files count. */
  apply(access: AccessConfiguration): void {
    this.#policies = new AccessPolicies(access);
  }

  /** What browsers show when they ask for a password; null where none is asked. */
  realmOf(access: ListenerAccess): string | null {
    return this.#policies.of(access).basic?.realm ?? null;
  }

  /** Whether somebody who was let in may stay, or still come in. */
  holds(grant: Grant, access: ListenerAccess | null, address: string): boolean {
    return access === null || holds(grant, this.#policies.of(access), address, Date.now() / 1000);
  }

  /** Addresses come first; then a signed link or a login, whichever is right. */
  async admit(access: ListenerAccess, visitor: Visitor): Promise<Verdict> {
    const policy = this.#policies.of(access);
    if (!policy.addresses.admits(visitor.address)) return refused('address');
    if (policy.basic === null && policy.keys === null) return { is: 'admitted', grant: anybody };
    const signed = this.#checkLink(policy, visitor);
    if (signed?.is === 'admitted' || policy.basic === null) return signed ?? refused('no-login');
    const login = basicLogin(visitor.authorization);
    if (login === null) return signed ?? refused('no-login');
    return this.#checkLogin(policy.basic.users, login.user ?? '', login.password, visitor.address);
  }

  /** Null where no link is shown, or none is taken. */
  #checkLink({ keys }: AccessPolicy, { query, paths, address }: Visitor): Verdict | null {
    const link = keys === null ? null : readSignedQuery(query);
    if (keys === null || link === null) return null;
    if (link === 'malformed') return refused('wrong-signature');
    const found = checkSigned(link, paths, keys, address, Date.now() / 1000);
    return typeof found === 'string' ? refused(found) : { is: 'admitted', grant: { by: 'signature', key: found.key, untilSeconds: link.until } };
  }

  async #checkLogin(users: ReadonlyMap<string, string>, user: string, password: string, address: string): Promise<Verdict> {
    const hash = users.get(user);
    // Who was let in before is let in again, whatever others do behind the same address.
    const counted = hash === undefined || !this.#verifier.isCheap(password, hash);
    const wait = counted ? this.#throttle.waitSeconds(address, user, performance.now()) : 0;
    if (wait > 0) return refused('throttled', wait);
    if (counted && !this.#throttle.begin(address)) return refused('busy');
    // An unknown user costs as much time as a wrong password.
    const [anyHash] = users.values();
    const compared = hash ?? anyHash;
    const verdict = compared === undefined ? 'wrong' : await this.#verifier.verify(password, compared);
    if (counted) this.#throttle.end(address);
    if (verdict === 'busy') return refused('busy');
    if (verdict === 'right' && hash !== undefined) {
      this.#throttle.succeeded(address, user);
      return { is: 'admitted', grant: { by: 'login', user, hash } };
    }
    this.#throttle.failed(address, user, performance.now());
    return refused('wrong-login');
  }
}

function refused(why: AccessRefusal, retryAfterSeconds?: number): Verdict {
  return { is: 'refused', why, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
}
