const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/**
 * Any value as HTML text, inert inside an element and inside a quoted attribute. Control characters, which HTML forbids, become
 * the pictures Unicode has of them (U+2400 on); tabs and line ends stay.
 */
export function escapeHtml(value: unknown): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  return String(value).replace(/[&<>"'\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, (character) => {
    const code = character.charCodeAt(0);
    return entities[character] ?? String.fromCharCode(code === 0x7f ? 0x2421 : 0x2400 + code);
  });
}
