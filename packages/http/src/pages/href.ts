/**
 * A mount's path as a link on the same server: every byte outside `[A-Za-z0-9._~/-]` percent-encoded (RFC 3986 §2.1), and one
 * leading slash, so that no path can name a scheme or another host.
 */
export function hrefOf(path: string): string {
  const inside = path.replace(/^\/+/, '').replace(/[^A-Za-z0-9._~/-]+/g, encodeBytes);
  return `/${inside}`;
}

/**
 * The whole URL of a mount, safe to paste into a shell. Null when `origin` (`http://host:port`, which a client may have
 * made up) holds more than a host name or an address and a port.
 */
export function urlOf(origin: string, path: string): string | null {
  return /^https?:\/\/[A-Za-z0-9._:[\]-]+$/.test(origin) ? origin + hrefOf(path) : null;
}

function encodeBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('hex').toUpperCase().replace(/../g, '%$&');
}
