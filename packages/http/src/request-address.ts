import type { Context } from 'koa';
import { clientAddress } from './client-address.ts';
import type { TrustedProxies } from './client-address.ts';
import { proxiedAddress } from './proxy-front.ts';

/** The address of the client who asks, as far as the PROXY protocol and trusted proxies tell it. */
export function requestAddress(context: Context, trusted: TrustedProxies): string {
  const headers = { xForwardedFor: context.get('X-Forwarded-For'), forwarded: context.get('Forwarded') };
  return clientAddress(proxiedAddress(context.req.socket) ?? context.req.socket.remoteAddress ?? '-', headers, trusted);
}
