/** Text of an encoder that does not say in which character set it writes: UTF-8 where it is that, else ISO 8859-1. */
export function guessedText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('iso-8859-1').decode(bytes);
  }
}
