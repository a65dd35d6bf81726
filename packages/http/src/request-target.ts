/**
 * The target of a request in origin form (RFC 9112 section 3.2): a path that begins with `/`, with its query; of an absolute form
 * without scheme and host, and never with a fragment. `*` stays. Bytes above 0x7f, which Node gives as Latin-1, are percent-encoded.
 * Null for anything else, which URL parsers throw at.
 */
export function originForm(target: string): string | null {
  const [plain = ''] = target.replace(/^https?:\/\/[^/?#]*(?=([/?#]|$))/i, (_, next: string) => (next === '/' ? '' : '/')).split('#', 1);
  if (plain !== '*' && !plain.startsWith('/')) return null;
  return plain.replace(/[^!-~]/g, (char) => `%${(char.charCodeAt(0) & 0xff).toString(16).toUpperCase().padStart(2, '0')}`);
}
