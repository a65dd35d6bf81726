import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { parseLinkKeys } from '@weir/config';
import { AddressRules, signedQuery } from '@weir/http';
import type { Options } from './options.ts';
import { UsageError } from './usage.ts';

/** Browsers and players remember links of this length. */
const urlCharactersMax = 2000;

/**
 * The line that `weir sign` prints: the URL with what opens its stream.
 *
 * @throws UsageError for what cannot be signed
 */
export function signedLink({ words, keyFile, expiresSeconds, untilSeconds, address }: Options, nowMillis: number): string {
  const [text = ''] = words;
  if (words.length !== 1 || text.length > urlCharactersMax || !URL.canParse(text) || !/^https?:/.test(text)) throw new UsageError('sign: name one URL of a stream, such as https://radio.example.org/radio.mp3');
  if (expiresSeconds === null || expiresSeconds < 1) throw new UsageError('sign: --expires says how long the link is good, such as 1h');
  if (address !== null && !isNetwork(address)) throw new UsageError(`sign: --address ${address}: expected an address or a network, such as 203.0.113.7 or 2001:db8::/64`);
  const url = new URL(text);
  if (['expires', 'until', 'address', 'signature'].some((name) => url.searchParams.has(name))) throw new UsageError('sign: the URL has been signed already: name it without expires, until, address and signature');
  const now = Math.floor(nowMillis / 1000);
  const terms = { expires: now + Math.ceil(expiresSeconds), until: untilSeconds === null ? null : now + Math.ceil(untilSeconds), address };
  const query = signedQuery(url.pathname, terms, readKey(keyFile));
  url.search = url.search === '' ? query : `${url.search}&${query}`;
  url.hash = '';
  return `${url.href}\n`;
}

function readKey(file: string | null): string {
  if (file === null) throw new UsageError('sign: --key-file names the file that key_file of the stream names');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`sign: --key-file ${file}: cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  const { keys: [key = ''], fault } = parseLinkKeys(text);
  if (fault !== null) throw new UsageError(`sign: --key-file ${file}: ${fault}`);
  return key;
}

function isNetwork(text: string): boolean {
  try {
    return isIP(text.split('/')[0] ?? '') !== 0 && new AddressRules({ allow: [text], deny: [] }).admits(text.split('/')[0] ?? '');
  } catch {
    return false;
  }
}
