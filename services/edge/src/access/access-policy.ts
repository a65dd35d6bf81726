import type { AccessConfiguration, ListenerAccess } from '@weir/config';
import { AddressRules } from '@weir/http';
import type { Grant } from './grant.ts';

/** Who may listen to a stream, ready to be asked. */
export interface AccessPolicy {
  readonly addresses: AddressRules;
  readonly basic: { readonly realm: string; readonly users: ReadonlyMap<string, string> } | null;
  /** Of signed links; null: none are taken. */
  readonly keys: readonly string[] | null;
}

/** What a configuration says of access; streams that say the same share one policy. */
export class AccessPolicies {
  readonly #users: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly #keys: ReadonlyMap<string, readonly string[]>;
  readonly #byText = new Map<string, AccessPolicy>();
  readonly #byAccess = new WeakMap<ListenerAccess, AccessPolicy>();

  constructor({ htpasswd, keys }: Pick<AccessConfiguration, 'htpasswd' | 'keys'>) {
    // No user is called as something that every object has.
    this.#users = new Map(Object.entries(htpasswd).map(([file, users]) => [file, new Map(Object.entries(users))]));
    this.#keys = new Map(Object.entries(keys));
  }

  of(access: ListenerAccess): AccessPolicy {
    const known = this.#byAccess.get(access);
    if (known !== undefined) return known;
    const text = JSON.stringify(access);
    const policy = this.#byText.get(text) ?? this.#make(access);
    this.#byText.set(text, policy);
    this.#byAccess.set(access, policy);
    return policy;
  }

  /** A file that is not there has nobody in it. */
  #make({ basic, signed, allow, deny }: ListenerAccess): AccessPolicy {
    return {
      addresses: new AddressRules({ allow, deny }),
      basic: basic === null ? null : { realm: basic.realm, users: this.#users.get(basic.htpasswdFile) ?? new Map<string, string>() },
      keys: signed === null ? null : (this.#keys.get(signed.keyFile) ?? []),
    };
  }
}

/** Whether somebody who was let in once may stay. */
export function holds(grant: Grant, { addresses, basic, keys }: AccessPolicy, address: string, nowSeconds: number): boolean {
  if (!addresses.admits(address)) return false;
  if (basic === null && keys === null) return true;
  if (grant.by === 'login') return basic?.users.get(grant.user) === grant.hash;
  return grant.by === 'signature' && keys?.includes(grant.key) === true && (grant.untilSeconds === null || nowSeconds < grant.untilSeconds);
}
