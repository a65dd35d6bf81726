import { isIP } from 'node:net';
import { AddressList, plainAddress } from './address-list.ts';

/** From where clients may come. */
export class AddressRules {
  readonly #allowed: AddressList | null;
  readonly #denied: AddressList | null;

  /** @param rules networks; an empty `allow`: from everywhere that `deny` has not */
  constructor({ allow, deny }: { readonly allow: readonly string[]; readonly deny: readonly string[] }) {
    this.#allowed = allow.length === 0 ? null : new AddressList(allow);
    this.#denied = deny.length === 0 ? null : new AddressList(deny);
  }

  /** What is no address is let in only where nothing is ruled. */
  admits(address: string): boolean {
    if (this.#allowed === null && this.#denied === null) return true;
    if (isIP(plainAddress(address)) === 0 || this.#denied?.includes(address) === true) return false;
    return this.#allowed?.includes(address) ?? true;
  }
}
