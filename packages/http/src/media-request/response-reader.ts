import { responseHeadBytesMax } from '../limits.ts';
import { ChunkedDecoder } from '../source-front/chunked-decoder.ts';
import { parseHead, ResponseError } from './response-head.ts';
import type { ResponseHead } from './response-head.ts';

/** Takes the parts of one response, in order. */
export interface ResponseSink {
  /** Called once, before any of the body. Interim answers (1xx) are not told. */
  onHead(head: ResponseHead): void;
  /** The next bytes of the body: a view of what was pushed. */
  onBody(bytes: Uint8Array): void;
}

type Part =
  | { readonly is: 'head' | 'until-end' | 'complete' }
  | { readonly is: 'counted'; bytesLeft: number }
  | { readonly is: 'chunked'; readonly decoder: ChunkedDecoder };

/** Reads one HTTP/1 response (RFC 9112) that arrives in any pieces, and keeps nothing of its body. */
export class ResponseReader {
  readonly #sink: ResponseSink;
  readonly #give = (bytes: Uint8Array): void => this.#sink.onBody(bytes);
  #part: Part = { is: 'head' };
  /** What has come of the head. */
  #head = '';

  constructor(sink: ResponseSink) {
    this.#sink = sink;
  }

  /** The body has come whole. */
  get isComplete(): boolean {
    return this.#part.is === 'complete';
  }

  /** Nothing is missing when the connection ends here. */
  get mayEnd(): boolean {
    return this.#part.is === 'complete' || this.#part.is === 'until-end';
  }

  /**
   * What comes after the body is ignored.
   *
   * @throws ResponseError
   */
  push(bytes: Uint8Array): void {
    let at = 0;
    while (this.#part.is === 'head' && at < bytes.length) at = this.#readHead(bytes, at);
    if (at < bytes.length) this.#readBody(at === 0 ? bytes : bytes.subarray(at), this.#part);
  }

  #readHead(bytes: Uint8Array, at: number): number {
    const before = this.#head.length;
    const text = this.#head + Buffer.from(bytes.subarray(at, at + responseHeadBytesMax + 4 - before)).toString('latin1');
    const emptyLine = /\r?\n\r?\n/g;
    // What was looked through before is not looked through again, but for what may have begun an empty line.
    emptyLine.lastIndex = Math.max(0, before - 3);
    const blank = emptyLine.exec(text);
    // As much as may begin an empty line is waited for, so that the limit is the same however the bytes come.
    if (blank === null ? text.length > responseHeadBytesMax + 3 : blank.index > responseHeadBytesMax) {
      throw new ResponseError(`the answer's head has more than ${responseHeadBytesMax} bytes`);
    }
    if (blank === null) {
      this.#head = text;
      return bytes.length;
    }
    const head = parseHead(text.slice(0, blank.index));
    this.#head = '';
    if (head.status >= 200) {
      this.#part = bodyPart(head);
      this.#sink.onHead(head);
    }
    return at + blank.index + blank[0].length - before;
  }

  #readBody(bytes: Uint8Array, part: Part): void {
    switch (part.is) {
      case 'until-end':
        this.#sink.onBody(bytes);
        return;
      case 'counted': {
        const body = bytes.length > part.bytesLeft ? bytes.subarray(0, part.bytesLeft) : bytes;
        part.bytesLeft -= body.length;
        if (part.bytesLeft === 0) this.#part = { is: 'complete' };
        this.#sink.onBody(body);
        return;
      }
      case 'chunked': {
        const state = part.decoder.push(bytes, this.#give);
        if (state === 'invalid') throw new ResponseError('the body is not chunked as announced');
        if (state === 'end') this.#part = { is: 'complete' };
        return;
      }
      case 'head':
      case 'complete':
    }
  }
}

function bodyPart({ body }: ResponseHead): Part {
  switch (body.by) {
    case 'end':
      return { is: 'until-end' };
    case 'chunks':
      return { is: 'chunked', decoder: new ChunkedDecoder() };
    case 'count':
      return body.bytes === 0 ? { is: 'complete' } : { is: 'counted', bytesLeft: body.bytes };
  }
}
