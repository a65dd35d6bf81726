import { headerUnitsMax, initBytesMax, oggStreamsMax } from '../limits.ts';
import { LogicalStream } from './logical-stream.ts';
import { isFirst, serialOf } from './page.ts';

/** A page kept until the headers of its link are complete. */
interface HeldPage {
  readonly bytes: Uint8Array;
  readonly isHeader: boolean;
}

/**
 * One link of a chain (RFC 3533 §4): logical streams that begin together. Their first pages come before any other
 * page, then the rest of their headers, then media.
 */
export class Link {
  /** What was added to the link's own time so that it goes on where the link before ended; null before its first time. */
  originMicros: number | null = null;
  readonly #streams = new Map<number, LogicalStream>();
  #held: HeldPage[] = [];
  #heldBytes = 0;
  #beginsOver = false;
  #hasHeaders = false;
  #hasVideo = false;
  #hasKnown = false;

  /** Bytes of the pages held. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** The headers are complete: media pages need not be held. */
  get hasHeaders(): boolean {
    return this.#hasHeaders;
  }

  /** Whether a stream that begins now belongs to this link, and not to the next. */
  admits(serial: number): boolean {
    return !this.#beginsOver && !this.#streams.has(serial);
  }

  /** The stream that began with this serial number. */
  streamOf(serial: number): LogicalStream | undefined {
    return this.#streams.get(serial);
  }

  /** Keeps a page while headers are missing; false when the link is beyond its limits. `page` is kept as it is. */
  hold(page: Uint8Array): boolean {
    const serial = serialOf(page, 0);
    if (isFirst(page, 0)) this.#begin(serial, new LogicalStream(page));
    else this.#beginsOver = true;
    const isHeader = this.#streams.get(serial)?.takeHeader(page, 0) ?? false;
    this.#held.push({ bytes: page, isHeader });
    this.#heldBytes += page.length;
    this.#hasHeaders = this.#streamsHaveHeaders(isHeader);
    return this.#heldBytes <= initBytesMax && this.#held.length <= headerUnitsMax && this.#streams.size <= oggStreamsMax;
  }

  #begin(serial: number, stream: LogicalStream): void {
    this.#streams.set(serial, stream);
    this.#hasKnown ||= stream.mapping !== null;
    this.#hasVideo ||= stream.mapping?.isVideo ?? false;
  }

  /** A media page shows that streams whose headers cannot be counted have no more of them, but not for those that can. */
  #streamsHaveHeaders(pageIsHeader: boolean): boolean {
    for (const stream of this.#streams.values()) {
      if (!stream.hasHeaders && (pageIsHeader || !stream.hasCountlessHeaders)) return false;
    }
    return true;
  }

  /** The pages held, in order; they are held no more. */
  release(): readonly HeldPage[] {
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    this.#beginsOver = true;
    return held;
  }

  /**
   * Whether a decoder of the whole link can start at a media page: at key frames where there is video, else where a
   * packet of sound begins. Streams nobody knows count only where there are no others.
   */
  isRandomAccess(stream: LogicalStream, page: Uint8Array): boolean {
    if (this.#hasVideo) return stream.beginsKeyFrame(page, 0);
    return (stream.mapping !== null || !this.#hasKnown) && stream.beginsPacket(page, 0);
  }

  /** RFC 5334 §10: video where a stream is known to be video, with the codecs that are known. */
  get contentType(): string {
    const mappings = [...this.#streams.values()].flatMap(({ mapping }) => mapping ?? []);
    const codecs = [...new Set(mappings.map(({ codec }) => codec))];
    if (codecs.length === 0) return 'application/ogg';
    const type = this.#hasVideo ? 'video/ogg' : 'audio/ogg';
    return `${type}; codecs=${codecs.length === 1 ? codecs[0] : `"${codecs.join(', ')}"`}`;
  }
}
