import { isIP } from 'node:net';
import { AddressList, plainAddress } from './access/address-list.ts';

/** Addresses and networks of proxies whose word about the client is taken. */
export class TrustedProxies extends AddressList {}

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
