import { BlockList, isIP } from 'node:net';

/** Addresses and networks of proxies whose word about the client is taken. */
export class TrustedProxies {
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
      if (family === 0 || more.length > 0 || !Number.isInteger(bits) || bits < 0 || bits > (family === 6 ? 128 : 32)) {
        throw new RangeError(`"${network}" is no address and no network: write 10.0.0.7 or 10.0.0.0/8`);
      }
      this.#networks.addSubnet(address, bits, family === 6 ? 'ipv6' : 'ipv4');
    }
  }

  includes(address: string): boolean {
    const plain = plainAddress(address);
    const family = isIP(plain);
    return family !== 0 && this.#networks.check(plain, family === 6 ? 'ipv6' : 'ipv4');
  }
}

/**
 * The client's address: the socket's own, or, when that is a trusted proxy, the last one in `X-Forwarded-For` (else `Forwarded`,
 * RFC 7239) that is not. Whoever is not trusted can write what they like there.
 */
export function clientAddress(socketAddress: string, headers: ForwardingHeaders, trusted: TrustedProxies): string {
  let address = plainAddress(socketAddress);
  if (!trusted.includes(address)) return address;
  const hops = headers.xForwardedFor === '' ? forwardedHops(headers.forwarded) : headers.xForwardedFor.split(',').map(hopAddress);
  for (const hop of hops.reverse()) {
    if (isIP(hop) === 0) return address;
    address = plainAddress(hop);
    if (!trusted.includes(address)) return address;
  }
  return address;
}

export interface ForwardingHeaders {
  /** Empty when absent; several headers joined by commas. */
  readonly xForwardedFor: string;
  readonly forwarded: string;
}

function forwardedHops(header: string): string[] {
  return [...header.matchAll(/(?:^|[;,\s])for=("[^"]*"|[^;,\s]+)/gi)].map(([, value = '']) => hopAddress(value.replace(/^"|"$/g, '')));
}

/** `203.0.113.7`, `203.0.113.7:4711`, `[2001:db8::1]:4711`. */
function hopAddress(text: string): string {
  const hop = text.trim();
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(hop)?.[1];
  if (bracketed !== undefined) return bracketed;
  return isIP(hop) === 0 ? hop.replace(/:\d+$/, '') : hop;
}

/** An IPv4 address that came over an IPv6 socket, as IPv4. */
export function plainAddress(address: string): string {
  return address.startsWith('::ffff:') && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
}
