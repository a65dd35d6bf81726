import type { Context } from 'koa';
import { plainAddress } from './access/address-list.ts';
import type { TrustedProxies } from './client-address.ts';

/**
 * Where the client found this server, `http://host:port` or `https://`, for links that leave the page; a Host header that is none is
 * not repeated. A trusted proxy that ends TLS says so in `X-Forwarded-Proto`.
 */
export function requestOrigin(context: Context, trusted: TrustedProxies): string {
  const host = context.get('Host');
  const scheme = forwardedScheme(context, trusted) ?? context.protocol;
  const origin = `${scheme}://${host}`;
  // What a URL parser throws at is no place to lead anybody to: `a:99999`, `[:::`.
  return /^[A-Za-z0-9.\-_[\]:]{1,255}$/.test(host) && URL.canParse(origin) ? origin : `${scheme}://localhost`;
}

/** The nearest proxy's word: it stands last where several have added to it. */
function forwardedScheme(context: Context, trusted: TrustedProxies): 'http' | 'https' | null {
  const told = context.get('X-Forwarded-Proto').split(',').at(-1)?.trim().toLowerCase();
  if (told !== 'http' && told !== 'https') return null;
  return trusted.includes(plainAddress(context.req.socket.remoteAddress ?? '')) ? told : null;
}
