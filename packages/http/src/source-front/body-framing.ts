import type { SourceHead, SourceProblem } from './source-head.ts';

/** How the end of a source's body is told (RFC 9112 section 6.3; without a word about it, the body goes on until the client ends). */
export type BodyFraming = { readonly kind: 'chunked' } | { readonly kind: 'sized'; readonly bytes: number } | { readonly kind: 'until-end' };

/** The framing of a body. SOURCE comes from a time without lengths: what it says about one is not believed, as with Icecast. */
export function bodyFraming({ method, headers }: SourceHead): BodyFraming | SourceProblem {
  const compression = headers.get('content-encoding')?.toLowerCase() ?? 'identity';
  if (compression !== 'identity') return { status: 415, text: 'Send the body as it is, without a Content-Encoding.' };
  const coding = headers.get('transfer-encoding')?.toLowerCase() ?? 'identity';
  const length = method === 'SOURCE' ? undefined : headers.get('content-length');
  if (coding === 'chunked') {
    return length === undefined ? { kind: 'chunked' } : { status: 400, text: 'Content-Length and Transfer-Encoding contradict each other: send one of them.' };
  }
  if (coding !== 'identity') return { status: 501, text: 'The only Transfer-Encoding known here is chunked.' };
  if (length === undefined) return { kind: 'until-end' };
  if (!/^\d{1,15}$/.test(length)) return { status: 400, text: 'Content-Length must be a number of bytes; leave it out for a stream without end.' };
  return { kind: 'sized', bytes: Number(length) };
}
