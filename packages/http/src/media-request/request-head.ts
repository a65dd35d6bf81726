/**
 * A GET as a plain player sends it (RFC 9112 section 3), on a connection of its own; a user name and password of the URL become
 * basic authentication (RFC 7617).
 *
 * @param fields more header lines, by name; without line ends
 */
export function requestHead(url: URL, userAgent: string, fields: Readonly<Record<string, string>> = {}): string {
  const lines = [`GET ${url.pathname}${url.search} HTTP/1.1`, `Host: ${url.host}`, `User-Agent: ${userAgent}`, 'Accept: */*', 'Connection: close'];
  for (const [name, value] of Object.entries(fields)) lines.push(`${name}: ${value}`);
  if (hasCredentials(url)) {
    const credentials = `${decoded(url.username)}:${decoded(url.password)}`;
    lines.push(`Authorization: Basic ${Buffer.from(credentials).toString('base64')}`);
  }
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** True where the URL has a user name or a password. */
export function hasCredentials(url: URL): boolean {
  return url.username !== '' || url.password !== '';
}

/** A percent sign that stands for itself is left as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
