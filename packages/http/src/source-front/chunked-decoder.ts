import { chunkLineBytesMax } from '../limits.ts';

/** What has become of a chunked body: more is to come, it is complete, or it is none. */
export type ChunkedState = 'more' | 'end' | 'invalid';

const lineFeed = 10;
const carriageReturn = 13;

/** Digits of a chunk's size: 4 GiB are far beyond what one write of an encoder holds. */
const sizeDigitsMax = 8;

/**
 * Takes the chunked transfer coding (RFC 9112 section 7.1) off a body that comes in any split.
 *
 *     1a3 ;extension CR LF  419 bytes CR LF  ...  0 CR LF  trailer lines  CR LF
 */
export class ChunkedDecoder {
  #expects: 'size' | 'extension' | 'size-end' | 'data' | 'data-end' | 'data-line-end' | 'trailer' | 'trailer-line' | 'trailer-line-end' | 'end' = 'size';
  /** Of this chunk. */
  #bytesLeft = 0;
  #sizeDigits = 0;
  /** Of what is not data since the last data. */
  #lineBytes = 0;

  /** Gives views of `bytes`; nothing after the end. */
  push(bytes: Uint8Array, onBytes: (data: Uint8Array) => void): ChunkedState {
    let at = 0;
    while (at < bytes.length) {
      if (this.#expects === 'data') {
        const data = bytes.subarray(at, at + this.#bytesLeft);
        at += data.length;
        this.#bytesLeft -= data.length;
        if (this.#bytesLeft === 0) this.#expects = 'data-end';
        onBytes(data);
        continue;
      }
      const state = this.#step(bytes[at++] ?? 0);
      if (state !== 'more') return state;
    }
    return 'more';
  }

  #step(byte: number): ChunkedState {
    if (++this.#lineBytes > chunkLineBytesMax) return 'invalid';
    switch (this.#expects) {
      case 'size':
        return this.#readSize(byte);
      case 'extension':
        if (byte === carriageReturn) this.#expects = 'size-end';
        return byte === lineFeed ? 'invalid' : 'more';
      case 'size-end':
        this.#expects = this.#bytesLeft === 0 ? 'trailer' : 'data';
        this.#sizeDigits = 0;
        return byte === lineFeed ? 'more' : 'invalid';
      case 'data-end':
        this.#expects = 'data-line-end';
        return byte === carriageReturn ? 'more' : 'invalid';
      case 'data-line-end':
        this.#expects = 'size';
        this.#lineBytes = 0;
        return byte === lineFeed ? 'more' : 'invalid';
      case 'trailer':
        this.#expects = byte === carriageReturn ? 'trailer-line-end' : 'trailer-line';
        return 'more';
      case 'trailer-line':
        if (byte === lineFeed) this.#expects = 'trailer';
        return 'more';
      case 'trailer-line-end':
        this.#expects = 'end';
        return byte === lineFeed ? 'end' : 'invalid';
      case 'data':
      case 'end':
        return 'end';
    }
  }

  #readSize(byte: number): ChunkedState {
    const digit = Number.parseInt(String.fromCharCode(byte), 16);
    if (!Number.isNaN(digit)) {
      this.#bytesLeft = this.#bytesLeft * 16 + digit;
      return ++this.#sizeDigits > sizeDigitsMax ? 'invalid' : 'more';
    }
    if (this.#sizeDigits === 0) return 'invalid';
    if (byte === carriageReturn) this.#expects = 'size-end';
    else if (byte === 0x3b || byte === 0x20 || byte === 0x09) this.#expects = 'extension';
    else return 'invalid';
    return 'more';
  }
}
