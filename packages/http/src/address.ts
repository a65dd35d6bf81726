/** Where a server listens. */
export interface Address {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/**
 * Reads `host:port`, `:port` (every interface), `port`, or `[ipv6]:port`.
 *
 * @throws RangeError that says what is accepted
 */
export function parseAddress(text: string): Address {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]:|([^:[\]\s]*):)?(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[3]);
  if (match === null || port > 65535) {
    throw new RangeError(`"${text}" is no address to listen on: write host:port, such as 127.0.0.1:8090, or :0 for any free port`);
  }
  return { host: (match[1] ?? match[2]) || '::', port };
}

/** `host:port` as it stands in a URL. */
export function formatAddress(address: Address): string {
  return `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
}

/** The URL under which someone on this machine reaches a server that listens there. */
export function localUrl(address: Address, scheme: 'http' | 'https'): string {
  const everywhere = address.host === '::' || address.host === '0.0.0.0';
  return `${scheme}://${formatAddress(everywhere ? { host: 'localhost', port: address.port } : address)}`;
}
