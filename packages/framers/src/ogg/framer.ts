import type { Emit, Faults, Framer } from '../framer.ts';
import { Resync } from '../resync.ts';
import type { Syntax } from '../resync.ts';
import { Link } from './link.ts';
import type { LogicalStream } from './logical-stream.ts';
import { headerBytesMax, isFirst, isIntact, pageAt, serialOf } from './page.ts';

/** The checksum of every page is verified: a page that passes needs no other to confirm it, one that fails is skipped. */
const pages: Syntax = {
  unit: pageAt,
  likeness: () => 0,
  plausible: () => true,
  intact: isIntact,
  tag: () => 'invalid',
  confirmations: 0,
  stepBytes: headerBytesMax,
};

/** A first page that ends at most this long after its link's zero is taken to have begun there. */
const firstPageMicrosMax = 10_000_000;

/**
 * Ogg (RFC 3533) with Vorbis, Opus, FLAC, Speex and Theora, multiplexed and chained. A frame is a page.
 *
 * - Init: the header pages of all logical streams of a link, held until they are complete. Every link has its own.
 * - Random access: with video, a page that begins with a key frame; else one that begins with a packet and ends one.
 * - Time: the granule position of the page, where what it completes ends. Each link goes on where the one before ended.
 * - Skipped: pages whose checksum is wrong, and pages of streams whose beginning was not seen. A sequence number that jumps is a gap.
 */
export class OggFramer implements Framer {
  readonly faults: Faults;
  readonly #resync: Resync;
  #link: Link | null = null;
  #lastMicros = 0;

  constructor() {
    this.#resync = new Resync(pages, (bytes, at, size, emit) => this.#take(bytes, at, size, emit));
    this.faults = this.#resync.faults;
  }

  push(chunk: Uint8Array, emit: Emit): void {
    this.#resync.push(chunk, emit);
  }

  end(emit: Emit): number {
    return this.#resync.end(emit) + (this.#link?.heldBytes ?? 0);
  }

  #take(bytes: Uint8Array, at: number, size: number, emit: Emit): void {
    const serial = serialOf(bytes, at);
    const begins = isFirst(bytes, at);
    if (begins && !this.#link?.admits(serial)) {
      this.#dropHeld();
      this.#link = new Link();
    }
    const link = this.#link;
    const stream = link?.streamOf(serial);
    if (stream?.isAfterGap(bytes, at)) this.#resync.faults.gaps++;
    if (link === null || (stream === undefined && !begins)) {
      this.#resync.faults.skippedBytes += size;
    } else if (stream !== undefined && link.hasHeaders) {
      this.#emitMedia(link, stream, bytes.subarray(at, at + size), emit);
    } else if (!link.hold(new Uint8Array(bytes.subarray(at, at + size)))) {
      this.#dropHeld();
      this.#link = null;
    } else if (link.hasHeaders) {
      this.#begin(link, emit);
    }
  }

  /** Emits the init of a link and the pages held until it was complete. */
  #begin(link: Link, emit: Emit): void {
    const contentType = link.contentType;
    const held = link.release();
    const headers = held.filter(({ isHeader }) => isHeader).map(({ bytes }) => bytes);
    emit({ kind: 'init', format: 'ogg', contentType, payload: Buffer.concat(headers) });
    for (const { bytes, isHeader } of held) {
      const stream = link.streamOf(serialOf(bytes, 0));
      if (isHeader || stream === undefined) emit({ kind: 'delta', payload: bytes, timeMicros: null });
      else this.#emitMedia(link, stream, bytes, emit);
    }
  }

  #emitMedia(link: Link, stream: LogicalStream, page: Uint8Array, emit: Emit): void {
    const kind = link.isRandomAccess(stream, page) ? 'random-access' : 'delta';
    let timeMicros = this.#timeOf(link, stream, page);
    // A key frame too large for one page does not end where it begins: what came before tells its time.
    if (kind === 'random-access' && stream.mapping !== null) timeMicros ??= this.#lastMicros;
    emit({ kind, payload: page, timeMicros });
  }

  #timeOf(link: Link, stream: LogicalStream, page: Uint8Array): number | null {
    const linkMicros = stream.micros(page, 0);
    if (linkMicros === null) return null;
    link.originMicros ??= this.#lastMicros - (linkMicros >= 0 && linkMicros <= firstPageMicrosMax ? 0 : linkMicros);
    const timeMicros = Math.round(link.originMicros + linkMicros);
    this.#lastMicros = Math.max(this.#lastMicros, timeMicros);
    return timeMicros;
  }

  #dropHeld(): void {
    this.#resync.faults.skippedBytes += this.#link?.heldBytes ?? 0;
  }
}
