import { isIPv4 } from 'node:net';
import { listenersPerAddressMax } from './limits.ts';
import type { Target } from './target.ts';

/** From where the connection with this number is made. */
export type SourceAddress = (index: number) => string | undefined;

/**
 * The given addresses in turn. Without any: the system's choice; on the loopback, where every address of 127.0.0.0/8 is this
 * machine's, as many of them as the connections need, since one address has only so many ports.
 */
export function sourceAddresses(from: readonly string[], target: Pick<Target, 'address' | 'isLoopback'>, connections: number): SourceAddress {
  if (from.length > 0) return (index) => from[index % from.length];
  if (connections <= listenersPerAddressMax || !target.isLoopback || !isIPv4(target.address)) return () => undefined;
  const addresses = Math.ceil(connections / listenersPerAddressMax);
  return (index) => `127.0.0.${1 + (index % addresses)}`;
}
