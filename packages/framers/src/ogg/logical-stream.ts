import { identify } from './mappings/identify.ts';
import type { Mapping } from './mappings/mapping.ts';
import { bodyAt, firstPieceBytes, granuleHigh, granuleLow, isContinued, isLast, packetsEnded, sequenceOf } from './page.ts';

/** One of the streams that are multiplexed in a link of the chain: what its pages have told so far. */
export class LogicalStream {
  /** Null for a stream of a codec weir does not know, and for Skeleton: its pages at granule position 0 are headers. */
  readonly mapping: Mapping | null;
  #headerPacketsLeft: number;
  #nextSequence: number;

  /** @param firstPage the page that begins the stream; its only packet is the identification header. */
  constructor(firstPage: Uint8Array) {
    this.mapping = identify(firstPage.subarray(bodyAt(firstPage, 0)));
    this.#headerPacketsLeft = this.mapping?.headerPackets ?? Number.POSITIVE_INFINITY;
    this.#nextSequence = (sequenceOf(firstPage, 0) + 1) % 2 ** 32;
  }

  /** Every header has come; a stream that does not tell how many there are is never sure before its last page. */
  get hasHeaders(): boolean {
    return this.#headerPacketsLeft <= 0;
  }

  /** Only the first page with media will tell that the headers are over. */
  get hasCountlessHeaders(): boolean {
    return this.#headerPacketsLeft === Number.POSITIVE_INFINITY;
  }

  /** Counts the packets of a page from before the first media; false when the page has media. */
  takeHeader(bytes: Uint8Array, at: number): boolean {
    if (this.hasHeaders) return false;
    if (this.hasCountlessHeaders) {
      if (granuleHigh(bytes, at) !== 0 || granuleLow(bytes, at) !== 0) return false;
      if (isLast(bytes, at)) this.#headerPacketsLeft = 0;
    } else {
      this.#headerPacketsLeft -= packetsEnded(bytes, at);
    }
    return true;
  }

  /** Whether pages are missing between this one and the one before. */
  isAfterGap(bytes: Uint8Array, at: number): boolean {
    const sequence = sequenceOf(bytes, at);
    const expected = this.#nextSequence;
    this.#nextSequence = (sequence + 1) % 2 ** 32;
    return sequence !== expected;
  }

  /** Time at which the last packet that ends on the page ends, since the codec's zero; null where none ends or nobody knows. */
  micros(bytes: Uint8Array, at: number): number | null {
    const high = granuleHigh(bytes, at);
    if (this.mapping === null || high >= 2 ** 31) return null;
    return this.mapping.micros(high, granuleLow(bytes, at));
  }

  /** A decoder of sound can start at a page that begins with a packet, and has one that ends. */
  beginsPacket(bytes: Uint8Array, at: number): boolean {
    return !isContinued(bytes, at) && packetsEnded(bytes, at) > 0;
  }

  /** A decoder of pictures can start at a page that begins with a key frame, whether or not that ends there. */
  beginsKeyFrame(bytes: Uint8Array, at: number): boolean {
    if (this.mapping === null || !this.mapping.isVideo || isContinued(bytes, at)) return false;
    return firstPieceBytes(bytes, at) > 0 && this.mapping.isKey(bytes[bodyAt(bytes, at)]!);
  }
}
