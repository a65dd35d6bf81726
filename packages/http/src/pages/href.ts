/** A server as `scheme://host:port`, without anything a shell or a header could trip over. */
const originSyntax = /^https?:\/\/[A-Za-z0-9._:[\]-]+$/;

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
  return originSyntax.test(origin) ? origin + hrefOf(path) : null;
}

/** The path of the page that plays a stream. */
export function playPath(stream: string): string {
  return `/play/${stream}`;
}

/**
 * Where a browser that found this server at `origin` finds an edge that tells `url` of itself. An edge that only knows
 * itself by a loopback address is looked for on the host of this server. Null when one of them is no origin.
 */
export function edgeOrigin(url: string, origin: string): string | null {
  if (!originSyntax.test(url) || !originSyntax.test(origin) || !URL.canParse(url) || !URL.canParse(origin)) return null;
  const edge = new URL(url);
  if (/^(localhost|127\.[0-9.]+|\[::1\])$/.test(edge.hostname)) edge.hostname = new URL(origin).hostname;
  return edge.origin;
}

function encodeBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('hex').toUpperCase().replace(/../g, '%$&');
}
