import { headerBytesMax } from '../limits.ts';
import type { Start } from './read-start.ts';
import { headEnd, parseSourceHead } from './source-head.ts';
import type { SourceHead, SourceProblem } from './source-head.ts';

/** What a connection begins with: a request for the HTTP server, a source's, or one that is answered at once. */
export type FirstRequest = { readonly kind: 'listener' } | { readonly kind: 'problem'; readonly problem: SourceProblem } | { readonly kind: 'source'; readonly head: SourceHead };

const sourceMethods = ['SOURCE ', 'PUT ', 'POST ', 'DELETE '] as const;

/**
 * What the first request of a connection is, as soon as it can be told; null: more is needed, of no more than one head. A
 * listener's bytes are all left for the HTTP server.
 *
 * @param known of `read`, the bytes that were there at the last look
 * @param claims whether a request is a source's, by its method and path
 */
export function findFirstRequest(read: Buffer, known: number, claims: (method: string, path: string) => boolean): Start<FirstRequest> | null {
  const listener: Start<FirstRequest> = { bytesUsed: 0, found: { kind: 'listener' } };
  const problem = (status: number, text: string): Start<FirstRequest> => ({ bytesUsed: read.length, found: { kind: 'problem', problem: { status, text } } });
  if (!mayBeSource(read)) return listener;
  const end = headEnd(read, Math.max(0, known - 2));
  if (end > headerBytesMax || (end < 0 && read.length > headerBytesMax)) return problem(431, `A request's head may have ${headerBytesMax} bytes.`);
  if (end < 0) return null;
  const head = parseSourceHead(read.subarray(0, end));
  if ('status' in head) return problem(head.status, head.text);
  return claims(head.method, head.path) ? { bytesUsed: end, found: { kind: 'source', head } } : listener;
}

function mayBeSource(read: Buffer): boolean {
  return sourceMethods.some((method) => {
    const length = Math.min(method.length, read.length);
    return read.toString('latin1', 0, length) === method.slice(0, length);
  });
}
