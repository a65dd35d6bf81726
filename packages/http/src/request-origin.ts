import type { Context } from 'koa';

/** Where the client found this server, `http://host:port` or `https://`, for links that leave the page; a Host header that is none is not repeated. */
export function requestOrigin(context: Context): string {
  const host = context.get('Host');
  return /^[A-Za-z0-9.\-_[\]:]{1,255}$/.test(host) ? `${context.protocol}://${host}` : `${context.protocol}://localhost`;
}
