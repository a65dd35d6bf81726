import { configurationKeyBytesMin } from './signature.ts';

/** Keys of one file: the one in use, and those that are on their way out. */
const keysMax = 8;

/** The keys of signed links that a file holds, one a line; `fault` says what is wrong with them, null: nothing. */
export function parseLinkKeys(text: string): { readonly keys: readonly string[]; readonly fault: string | null } {
  const keys = text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const good = keys.length > 0 && keys.length <= keysMax && keys.every((key) => Buffer.byteLength(key) >= configurationKeyBytesMin);
  return { keys, fault: good ? null : `expected 1 to ${keysMax} lines, each a key of at least ${configurationKeyBytesMin} characters: openssl rand -hex 32 makes one` };
}
