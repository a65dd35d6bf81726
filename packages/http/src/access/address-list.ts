import { BlockList, isIP } from 'node:net';

/** Addresses and networks. */
export class AddressList {
  readonly #networks = new BlockList();

  /**
   * @param networks addresses, or networks as `10.0.0.0/8` and `fd00::/8`
   * @throws RangeError that names what is none
   */
  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [address = '', prefix, ...more] = network.split('/');
      const family = isIP(address);
      const bits = prefix === undefined ? (family === 6 ? 128 : 32) : Number(prefix);
      if (family === 0 || more.length > 0 || !/^\d{0,3}$/.test(prefix ?? '') || prefix === '' || bits > (family === 6 ? 128 : 32)) {
        throw new RangeError(`"${network}" is no address and no network: write 10.0.0.7 or 10.0.0.0/8`);
      }
      this.#networks.addSubnet(address, bits, family === 6 ? 'ipv6' : 'ipv4');
    }
  }

  /** False for what is no address. */
  includes(address: string): boolean {
    const plain = plainAddress(address);
    const family = isIP(plain);
    return family !== 0 && this.#networks.check(plain, family === 6 ? 'ipv6' : 'ipv4');
  }
}

/** An IPv4 address that came over an IPv6 socket, as IPv4. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}

/**
 * What stands for one client where clients are counted: an IPv4 address as it is, of an IPv6 address the network of 64 bits that
 * providers give to one customer (RFC 6177), as its first four groups.
 */
export function addressKey(address: string): string {
  const plain = plainAddress(address).replace(/%.*$/, '');
  if (isIP(plain) !== 6) return plain;
  const [head = [], tail] = plain.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const tailLength = (tail ?? []).reduce((length, group) => length + (group.includes('.') ? 2 : 1), 0);
  const groups = tail === undefined ? head : [...head, ...Array.from({ length: Math.max(0, 8 - head.length - tailLength) }, () => '0'), ...tail];
  return groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16)).join(':');
}
