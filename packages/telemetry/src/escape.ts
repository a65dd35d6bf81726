/** Control characters (C0, DEL, C1), line and paragraph separators, marks that reverse the text's direction, halves of pairs. */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/gu;
const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeOne(character: string): string {
  const code = character.charCodeAt(0);
  if (code > 0xff) return `\\u${code.toString(16)}`;
  return short[character] ?? `\\x${code.toString(16).padStart(2, '0')}`;
}

/** The text with everything made visible that could begin another line, drive a terminal or disguise what is written. */
export function escapeControls(text: string): string {
  return text.replace(unsafe, escapeOne);
}

/** The same for a JSON text, in JSON's own way of writing: its value stays the same. */
export function escapeJson(json: string): string {
  return json.replace(unsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A field's value: as it is when nothing in it could be misread, else in double quotes with backslash escapes. */
export function quoteValue(text: string): string {
  if (text !== '' && !/[\s"=\\]/.test(text) && text.search(unsafe) === -1) return text;
  return `"${escapeControls(text.replace(/["\\]/g, '\\$&'))}"`;
}
