import { guessedText } from '@weir/http';

/** The parameters of a metadata update; of several with the same name, the first. */
export type MetadataQuery = ReadonlyMap<string, string>;

/**
 * Reads `a=b&c=d` (application/x-www-form-urlencoded) in the character set that its own `charset` names. Without one it is
 * UTF-8, or what old encoders send in its place, ISO 8859-1.
 *
 * @throws RangeError when the character set is unknown
 */
export function parseMetadataQuery(query: string): MetadataQuery {
  const pairs = query.split('&').map((pair) => {
    const equals = pair.indexOf('=');
    return equals < 0 ? ([pair, ''] as const) : ([pair.slice(0, equals), pair.slice(equals + 1)] as const);
  });
  const charset = pairs.find(([name]) => name === 'charset')?.[1];
  const decode = charset === undefined || charset === '' ? guessedText : decoderOf(formBytes(charset).toString('latin1'));
  const parameters = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (!parameters.has(name)) parameters.set(name, decode(formBytes(value)));
  }
  return parameters;
}

function decoderOf(charset: string): (bytes: Buffer) => string {
  try {
    const decoder = new TextDecoder(charset.trim());
    return (bytes) => decoder.decode(bytes);
  } catch {
    throw new RangeError('The charset is unknown: leave it out for UTF-8, or name one such as ISO-8859-1.');
  }
}

/** `+` is a space, `%41` the byte 0x41; a `%` before anything else stays what it is. Raw bytes above 0x7f are taken as they came. */
function formBytes(text: string): Buffer {
  const plain = text.replaceAll('+', ' ').replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(plain, 'latin1');
}
