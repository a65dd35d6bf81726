import { createHmac, timingSafeEqual } from 'node:crypto';
import { AddressList } from './address-list.ts';

/** What a signed link says, beside the path that it is for. */
export interface SignedTerms {
  /** Unix time in seconds after which it opens nothing. */
  readonly expires: number;
  /** Unix time in seconds at which those who listen by it are ended; null: they may go on. */
  readonly until: number | null;
  /** The address, or network, that it is for; null: anybody's. */
  readonly address: string | null;
}

/** A signed link as it comes. */
export interface SignedQuery extends SignedTerms {
  /** HMAC-SHA-256 in base64url. */
  readonly signature: string;
}

const names = ['expires', 'until', 'address', 'signature'] as const;

/**
 * The signature, in base64url without padding (RFC 4648 section 5), of these five lines, the last without a line end:
 *
 *     weir-1
 *     /the/path/of/the/stream
 *     expires
 *     until, or nothing
 *     address, or nothing
 *
 * @param key as its line stands in the file: the letters, not what they encode
 */
export function signatureOf(path: string, { expires, until, address }: SignedTerms, key: string): string {
  return createHmac('sha256', key).update(['weir-1', path, expires, until ?? '', address ?? ''].join('\n')).digest('base64url');
}

/** The query of a link that is signed for a path, without a question mark. */
export function signedQuery(path: string, terms: SignedTerms, key: string): string {
  return queryOf({ ...terms, signature: signatureOf(path, terms, key) });
}

/** The parameters again as a query: only what {@link readSignedQuery} takes, so that it may stand in a page. */
export function queryOf({ expires, until, address, signature }: SignedQuery): string {
  const parameters = { expires: String(expires), ...(until === null ? {} : { until: String(until) }), ...(address === null ? {} : { address }), signature };
  return new URLSearchParams(parameters).toString();
}

/** What a query says of a signed link; null: nothing, `malformed`: something else than {@link signedQuery} writes, such as a parameter twice. */
export function readSignedQuery(query: string): SignedQuery | 'malformed' | null {
  const parameters = new URLSearchParams(query);
  if (!parameters.has('signature')) return null;
  if (names.some((name) => parameters.getAll(name).length > 1)) return 'malformed';
  const [expires, until, address, signature] = names.map((name) => parameters.get(name));
  const terms = { expires: seconds(expires), until: until === null ? null : seconds(until), address: address ?? null, signature: signature ?? '' };
  if (terms.expires === null || (until !== null && terms.until === null) || !/^[\w-]{43}$/.test(terms.signature) || (terms.address?.length ?? 0) > 64) return 'malformed';
  return { ...terms, expires: terms.expires };
}

/** Why a link does not open. */
export type SignedFault = 'wrong-signature' | 'expired';

/**
 * Checks a link by the signature first: the rest counts only if it is as it was signed.
 *
 * @param paths any of which it may be signed for
 * @param keys any of which it may be signed with
 * @param address the client's
 * @returns the key, or why not; a link for another address is as good as one with a wrong signature
 */
export function checkSigned(query: SignedQuery, paths: readonly string[], keys: readonly string[], address: string, nowSeconds: number): { readonly key: string } | SignedFault {
  const key = keys.find((each) => paths.some((path) => equal(signatureOf(path, query, each), query.signature)));
  if (key === undefined || (query.address !== null && !isFor(query.address, address))) return 'wrong-signature';
  return nowSeconds < query.expires && (query.until === null || nowSeconds < query.until) ? { key } : 'expired';
}

function isFor(network: string, address: string): boolean {
  try {
    return new AddressList([network]).includes(address);
  } catch {
    return false;
  }
}

/** Both are 43 characters. */
function equal(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function seconds(text: string | null | undefined): number | null {
  return /^[1-9]\d{0,10}$/.test(text ?? '') ? Number(text) : null;
}
