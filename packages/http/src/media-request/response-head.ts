/** The server's answer cannot be read as HTTP; `message` says why. */
export class ResponseError extends Error {
  override readonly name = 'ResponseError';
}

/** How a body is delimited: by the connection's end, by a number of bytes, by chunks (RFC 9112 section 6.3). */
export type BodyLength = { readonly by: 'end' | 'chunks' } | { readonly by: 'count'; readonly bytes: number };

/** What the head of a response tells. */
export interface ResponseHead {
  readonly status: number;
  /** Header values by lower-case name; the last of several of one name. */
  readonly fields: ReadonlyMap<string, string>;
  readonly body: BodyLength;
}

/**
 * Reads the lines of a head, the empty one left out. SHOUTcast's `ICY 200 OK` is as good as HTTP's status line.
 *
 * @throws ResponseError
 */
export function parseHead(text: string): ResponseHead {
  const [statusLine = '', ...lines] = text.split(/\r?\n/);
  const status = Number(/^(?:HTTP\/1\.\d|ICY) (\d{3})(?: |$)/.exec(statusLine)?.[1]);
  if (Number.isNaN(status)) throw new ResponseError(`no HTTP status line: ${JSON.stringify(statusLine.slice(0, 60)).replace(/[^ -~]/g, '?')}`);
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
  }
  return { status, fields, body: bodyLength(status, fields) };
}

function bodyLength(status: number, fields: ReadonlyMap<string, string>): BodyLength {
  if (status < 200 || status === 204 || status === 304) return { by: 'count', bytes: 0 };
  if (/\bchunked$/i.test(fields.get('transfer-encoding') ?? '')) return { by: 'chunks' };
  const length = fields.get('content-length');
  if (length === undefined) return { by: 'end' };
  if (!/^\d{1,15}$/.test(length)) throw new ResponseError('Content-Length is no number');
  return { by: 'count', bytes: Number(length) };
}
