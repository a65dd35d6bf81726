/** An element's content: elements, one text, or nothing. */
export type XmlContent = string | number | readonly string[];

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** An element as text; `name` and attributes' names are our own. A text is inert whatever it says: what XML 1.0 §2.2 forbids becomes U+FFFD. */
export function xmlElement(name: string, content: XmlContent, attributes: Readonly<Record<string, string>> = {}): string {
  const opening = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(value)}"`)].join(' ');
  return `<${opening}>${typeof content === 'object' ? content.join('') : escaped(String(content))}</${name}>`;
}

/** A document in UTF-8. */
export function xmlDocument(root: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}

function escaped(text: string): string {
  return text.replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD').replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
