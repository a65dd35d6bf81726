import { headersMax } from '../limits.ts';
import { guessedText } from './guessed-text.ts';

/** Header values by lower-case name; several of one name joined by `, `. */
export type SourceHeaders = ReadonlyMap<string, string>;

/** What a source says before its first bytes. */
export interface SourceHead {
  readonly method: string;
  /** Decoded, without the query. */
  readonly path: string;
  readonly httpVersion: 'HTTP/1.1' | 'HTTP/1.0' | 'ICE/1.0';
  readonly headers: SourceHeaders;
}

/** Why a request is not taken, as it is answered. */
export interface SourceProblem {
  readonly status: number;
  readonly text: string;
}

const lineFeed = 10;
const carriageReturn = 13;

/** The offset after the empty line that ends a head; -1 while there is none. Lines end in CR LF, or in LF alone as old encoders write. */
export function headEnd(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(lineFeed, from); at >= 0; at = bytes.indexOf(lineFeed, at + 1)) {
    if (bytes[at + 1] === lineFeed) return at + 2;
    if (bytes[at + 1] === carriageReturn && bytes[at + 2] === lineFeed) return at + 3;
  }
  return -1;
}

/** Reads a head (RFC 9112 sections 2 to 5, or the same with `ICE/1.0`) whose end {@link headEnd} has found. */
export function parseSourceHead(bytes: Uint8Array): SourceHead | SourceProblem {
  const [requestLine = '', ...lines] = headLines(bytes);
  const [, method, target, version] = /^([A-Z]+) (\S+) (HTTP\/1\.[01]|ICE\/1\.0)$/.exec(requestLine) ?? [];
  if (method === undefined || target === undefined) return { status: 400, text: 'The first line must read like "PUT /mount HTTP/1.1".' };
  const path = targetPath(target);
  if (path === null) return { status: 400, text: 'The mount must be a path that begins with "/", percent-encoded as in a URL.' };
  const headers = parseHeaders(lines);
  if (headers === null) return { status: 400, text: `Each header must be one line "Name: value", and there may be ${headersMax} of them.` };
  return { method, path, httpVersion: version === 'HTTP/1.1' || version === 'ICE/1.0' ? version : 'HTTP/1.0', headers };
}

/** The lines of a head without its last, empty one. */
export function headLines(bytes: Uint8Array): readonly string[] {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1').split(/\r?\n/).filter((line) => line !== '');
}

/** Header lines; null when one of them is none, or when there are too many. */
export function parseHeaders(lines: readonly string[]): SourceHeaders | null {
  if (lines.length > headersMax) return null;
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value = ''] = /^([\w!#$%&'*+.^`|~-]+):([^\r]*)$/.exec(line) ?? [];
    if (name === undefined) return null;
    const key = name.toLowerCase();
    const before = headers.get(key);
    headers.set(key, (before === undefined ? '' : `${before}, `) + guessedText(Buffer.from(withoutBlanks(value), 'latin1')));
  }
  return headers;
}

/** Without the blanks and tabs around it, and nothing else: a byte of UTF-8 may look like another kind of blank. */
function withoutBlanks(value: string): string {
  const isBlank = (at: number): boolean => value[at] === ' ' || value[at] === '\t';
  let [start, end] = [0, value.length];
  while (start < end && isBlank(start)) start++;
  while (end > start && isBlank(end - 1)) end--;
  return value.slice(start, end);
}

function targetPath(target: string): string | null {
  const [path = ''] = target.replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1);
  try {
    const plain = decodeURIComponent(Buffer.from(path, 'latin1').toString());
    return plain.startsWith('/') && !/\p{Cc}/u.test(plain) ? plain : null;
  } catch {
    return null;
  }
}
