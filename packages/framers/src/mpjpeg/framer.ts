/** RFC 2046 §5.1: a multipart stream whose parts are JPEG pictures, as cameras and FFmpeg's mpjpeg muxer write it. */
import type { Emit, Framer } from '../framer.ts';
import { boundaryLineBytesMax, frameBytesMax, partHeadBytesMax } from '../limits.ts';
import { PictureEnd } from '../mjpeg/picture.ts';
import { Window } from '../window.ts';
import { multipartType, parseBoundaryLine, type PartHead, readPartField } from './part.ts';

const CR = 0x0d;
const LF = 0x0a;
const space = 0x20;
const dash = 0x2d;

/**
 * - `between`: at what should be a boundary line
 * - `after`: the same, where the line end behind a part's body may come first
 * - `garbage`: somewhere else
 * - `boundary`, `fields`, `body`: within a part, whose first byte is the window's first
 */
type Place = 'between' | 'after' | 'garbage' | 'boundary' | 'fields' | 'body';

/**
 * One frame is one part, from the dashes of its boundary line to the last byte of its body: it leaves when that byte has
 * come, without waiting for the next boundary, whether `Content-Length` or the picture's own end marker tells where that is.
 * (Other bodies without a length end at the next boundary.) The line end between a body and the next boundary line, which
 * RFC 2046 counts to the latter, is a delta frame of its own, so that a listener can start, or go on after a skip, with the
 * dashes of any part. A closing boundary (`--boundary--`) is skipped: sources come back, listeners stay.
 *
 * A part that is no JPEG picture is a delta frame. Another boundary than before makes another init. When no boundary
 * follows where a `Content-Length` says, the rest up to the next one is skipped, and lengths are not believed any more.
 */
export class MpjpegFramer implements Framer {
  readonly faults: { skippedBytes: number; gaps: number } = { skippedBytes: 0, gaps: 0 };
  readonly #window = new Window();
  readonly #pictureEnd = new PictureEnd();
  #place: Place = 'between';
  /** What the last init said; what the current part begins with. */
  #announced: string | null = null;
  #boundary = '';
  /** Bytes of the current part that have been looked at. */
  #scanned = 0;
  #head: PartHead = { isJpeg: null, contentLength: null, timeMicros: null };
  #headBytes = 0;
  #endsAtBoundary = false;
  #believesLength = true;

  push(chunk: Uint8Array, emit: Emit): void {
    this.#window.push(chunk);
    while (this.#step(emit));
  }

  end(): number {
    const left = this.#window.length;
    this.#window.skip(left);
    this.#place = 'between';
    return left;
  }

  /** Goes on by one place; false when that takes more bytes. */
  #step(emit: Emit): boolean {
    switch (this.#place) {
      case 'garbage':
        return this.#skipGarbage();
      case 'between':
        return this.#findDashes();
      case 'after':
        return this.#passLineEnd(emit);
      case 'boundary':
        return this.#readBoundary();
      case 'fields':
        return this.#readFields();
      case 'body':
        return this.#readBody(emit);
    }
  }

  #skip(count: number): void {
    this.faults.skippedBytes += count;
    this.#window.skip(count);
  }

  /** To the next two dashes, wherever they stand: what follows shows whether they begin a part. */
  #skipGarbage(): boolean {
    const window = this.#window;
    if (!window.has(2)) return false;
    const found = view(window.bytes, window.at, window.end).indexOf('--');
    if (found === -1) this.#skip(window.end - window.at - 1);
    else {
      this.#skip(found);
      this.#startPart();
    }
    return true;
  }

  #findDashes(): boolean {
    const window = this.#window;
    if (!window.has(2)) return false;
    if (window.bytes[window.at] === dash && window.bytes[window.at + 1] === dash) this.#startPart();
    else this.#place = 'garbage';
    return true;
  }

  #startPart(): void {
    this.#place = 'boundary';
    this.#scanned = 0;
  }

  #passLineEnd(emit: Emit): boolean {
    const window = this.#window;
    if (!window.has(1)) return false;
    const first = window.bytes[window.at];
    if (first === CR && !window.has(2)) return false;
    if (first === CR || first === LF) {
      const lineEndBytes = first === CR && window.bytes[window.at + 1] === LF ? 2 : 1;
      emit({ kind: 'delta', payload: window.take(lineEndBytes), timeMicros: null });
      return true;
    }
    this.#place = 'between';
    this.#believesLength &&= first === dash;
    return true;
  }

  /** The next line of the head without its line end; null when it has not come; undefined when the head is too long. */
  #line(): string | null | undefined {
    const window = this.#window;
    window.has(partHeadBytesMax);
    const head = view(window.bytes, window.at + this.#scanned, Math.min(window.end, window.at + partHeadBytesMax));
    const lineEnd = head.indexOf(LF);
    if (lineEnd === -1) return window.length >= partHeadBytesMax ? undefined : null;
    this.#scanned += lineEnd + 1;
    return head.toString('latin1', 0, lineEnd > 0 && head[lineEnd - 1] === CR ? lineEnd - 1 : lineEnd);
  }

  #readBoundary(): boolean {
    const line = this.#line();
    if (line === null) return false;
    const boundary = line === undefined ? null : parseBoundaryLine(line);
    if (boundary === null) {
      const lineBytes = line === undefined ? partHeadBytesMax : this.#scanned;
      return this.#giveUp(Math.max(1, lineBytes - boundaryLineBytesMax));
    }
    if (this.#announced !== null && boundary === `${this.#announced}--`) {
      this.#skip(this.#scanned);
      this.#place = 'between';
      return true;
    }
    this.#boundary = boundary;
    this.#head = { isJpeg: null, contentLength: null, timeMicros: null };
    this.#place = 'fields';
    return true;
  }

  #readFields(): boolean {
    for (;;) {
      const sensibleBytes = this.#scanned;
      const line = this.#line();
      if (line === null) return false;
      if (line === '') break;
      if (line === undefined || !readPartField(line, this.#head)) return this.#giveUp(sensibleBytes);
    }
    if (this.#boundary !== this.#announced && this.#head.isJpeg !== true) return this.#giveUp(this.#scanned);
    this.#headBytes = this.#scanned;
    this.#scanned -= 1; // the boundary of an empty body follows the head's own line end
    this.#endsAtBoundary = false;
    this.#pictureEnd.reset();
    this.#place = 'body';
    return true;
  }

  #readBody(emit: Emit): boolean {
    const { contentLength, isJpeg } = this.#head;
    if (contentLength !== null && this.#believesLength) {
      const partBytes = this.#headBytes + contentLength;
      if (partBytes > frameBytesMax) return this.#giveUp(this.#headBytes);
      return this.#window.has(partBytes) && this.#emitPart(partBytes, emit);
    }
    if (isJpeg === false) this.#endsAtBoundary = true;
    const window = this.#window;
    do {
      const partBytes = this.#endsAtBoundary ? this.#findBoundary() : this.#findPictureEnd();
      if (partBytes !== null && partBytes <= frameBytesMax) return this.#emitPart(partBytes, emit);
      if (window.end - window.at > frameBytesMax) return this.#giveUp(frameBytesMax);
    } while (window.more());
    return false;
  }

  /** Bytes of the part up to the end of its picture; null when that has not come, or there is no picture. */
  #findPictureEnd(): number | null {
    const window = this.#window;
    const found = this.#pictureEnd.find(window.bytes, window.at + this.#headBytes, window.end);
    if (found === 'short') return null;
    if (found !== 'invalid') return this.#headBytes + found;
    this.#endsAtBoundary = true;
    this.#scanned = this.#headBytes - 1;
    return this.#findBoundary();
  }

  /** Bytes of the part up to the line end before the next boundary line; null when that has not come. */
  #findBoundary(): number | null {
    const window = this.#window;
    const part = view(window.bytes, window.at, window.end);
    const delimiter = `\n--${this.#boundary}`;
    for (;;) {
      const lineEnd = part.indexOf(delimiter, this.#scanned, 'latin1');
      if (lineEnd === -1) {
        this.#scanned = Math.max(this.#scanned, part.length - delimiter.length);
        return null;
      }
      this.#scanned = lineEnd;
      const behind = part[lineEnd + delimiter.length];
      if (behind === undefined) return null;
      if (behind === CR || behind === LF || behind === dash || behind === space) {
        return lineEnd > this.#headBytes && part[lineEnd - 1] === CR ? lineEnd - 1 : Math.max(lineEnd, this.#headBytes);
      }
      this.#scanned += 1;
    }
  }

  #emitPart(partBytes: number, emit: Emit): boolean {
    if (this.#boundary !== this.#announced) {
      this.#announced = this.#boundary;
      emit({ kind: 'init', format: 'mpjpeg', contentType: multipartType(this.#boundary), payload: new Uint8Array(0) });
    }
    const payload = this.#window.take(partBytes);
    const { isJpeg, timeMicros } = this.#head;
    const isPicture = isJpeg !== false && payload[this.#headBytes] === 0xff && payload[this.#headBytes + 1] === 0xd8;
    emit({ kind: isPicture ? 'random-access' : 'delta', payload, timeMicros });
    this.#place = 'after';
    return true;
  }

  /** What begins at the window's first byte is no part: skips what nobody need read again, and looks for the next boundary. */
  #giveUp(count: number): boolean {
    this.#skip(count);
    this.#place = 'garbage';
    return true;
  }
}

function view(bytes: Uint8Array, start: number, end: number): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
}
