import { headBytesMax } from './limits.ts';
import { parseHead, ResponseError } from './response-head.ts';
import type { ResponseHead } from './response-head.ts';

/** Takes the parts of one response, in order. */
export interface ResponseSink {
  /** Called once, before any of the body. Interim answers (1xx) are not told. */
  onHead(head: ResponseHead): void;
  /** The next bytes of the body are those of `bytes` from `from` to before `to`; they are gone after the call. */
  onBody(bytes: Uint8Array, from: number, to: number): void;
}

type Part = 'head' | 'until-end' | 'counted' | 'chunk-size' | 'chunk-extension' | 'chunk' | 'chunk-end' | 'trailer' | 'complete';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Reads one HTTP/1 response (RFC 9112) that arrives in any pieces, and keeps nothing of its body. */
export class ResponseReader {
  #part: Part = 'head';
  /** What has come of the head. */
  #head = '';
  /** Bytes still to come of the counted body or the chunk. */
  #left = 0;
  /** Digits of the chunk's size; bytes of the trailer. */
  #count = 0;
  /** Nothing but a carriage return has come of the trailer's line. */
  #isLineEmpty = true;

  /** The body has come whole. */
  get isComplete(): boolean {
    return this.#part === 'complete';
  }

  /** Nothing is missing when the connection ends here. */
  get mayEnd(): boolean {
    return this.#part === 'complete' || this.#part === 'until-end';
  }

  /**
   * Takes the first `end` of `bytes`. What comes after the body is ignored.
   *
   * @throws ResponseError
   */
  push(bytes: Uint8Array, end: number, sink: ResponseSink): void {
    let at = 0;
    while (at < end && this.#part !== 'complete') at = this.#read(bytes, at, end, sink);
  }

  /** Reads what belongs to the current part; returns where it ended. */
  #read(bytes: Uint8Array, at: number, end: number, sink: ResponseSink): number {
    switch (this.#part) {
      case 'head':
        return this.#readHead(bytes, at, end, sink);
      case 'until-end':
        sink.onBody(bytes, at, end);
        return end;
      case 'counted':
        return this.#readCounted(bytes, at, end, 'complete', sink);
      case 'chunk':
        return this.#readCounted(bytes, at, end, 'chunk-end', sink);
      case 'chunk-size':
        this.#readSizeDigit(bytes[at] as number);
        return at + 1;
      case 'chunk-extension':
        if (bytes[at] === lineFeed) this.#endSize();
        return at + 1;
      case 'chunk-end':
        if (bytes[at] === lineFeed) this.#part = 'chunk-size';
        else if (bytes[at] !== carriageReturn) throw new ResponseError('a chunk is longer than its size says');
        return at + 1;
      case 'trailer':
        this.#readTrailer(bytes[at] as number);
        return at + 1;
      case 'complete':
        return end;
    }
  }

  #readHead(bytes: Uint8Array, at: number, end: number, sink: ResponseSink): number {
    const before = this.#head.length;
    const text = this.#head + Buffer.from(bytes.subarray(at, Math.min(end, at + headBytesMax + 4 - before))).toString('latin1');
    const blank = /\r?\n\r?\n/.exec(text);
    if (blank === null) {
      if (text.length > headBytesMax) throw new ResponseError(`the answer's head has more than ${headBytesMax} bytes`);
      this.#head = text;
      return end;
    }
    const head = parseHead(text.slice(0, blank.index));
    this.#head = '';
    if (head.status >= 200) this.#begin(head, sink);
    return at + blank.index + blank[0].length - before;
  }

  #begin(head: ResponseHead, sink: ResponseSink): void {
    const { body } = head;
    if (body.by === 'count') {
      this.#left = body.bytes;
      this.#part = body.bytes === 0 ? 'complete' : 'counted';
    } else this.#part = body.by === 'end' ? 'until-end' : 'chunk-size';
    sink.onHead(head);
  }

  #readCounted(bytes: Uint8Array, at: number, end: number, next: Part, sink: ResponseSink): number {
    const to = Math.min(end, at + this.#left);
    this.#left -= to - at;
    if (this.#left === 0) this.#part = next;
    sink.onBody(bytes, at, to);
    return to;
  }

  /** RFC 9112 §7.1: hexadecimal digits, perhaps an extension, the end of the line. */
  #readSizeDigit(byte: number): void {
    const digit = hexDigit(byte);
    if (digit >= 0 && this.#count < 12) {
      this.#left = this.#left * 16 + digit;
      this.#count++;
    } else if (digit >= 0 || this.#count === 0) throw new ResponseError('a chunk has no size');
    else if (byte === lineFeed) this.#endSize();
    else this.#part = 'chunk-extension';
  }

  #endSize(): void {
    this.#count = 0;
    this.#part = this.#left > 0 ? 'chunk' : 'trailer';
  }

  #readTrailer(byte: number): void {
    if (byte === lineFeed && this.#isLineEmpty) this.#part = 'complete';
    else if (++this.#count > headBytesMax) throw new ResponseError(`the trailer has more than ${headBytesMax} bytes`);
    else this.#isLineEmpty = byte === lineFeed || (byte === carriageReturn && this.#isLineEmpty);
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
