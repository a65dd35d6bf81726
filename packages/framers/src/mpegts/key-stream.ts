import { Unwrapper, microsOf90k } from '@weir/media';
import type { Entry, FindEntry } from '../codecs/entry.ts';
import { h264Entry } from '../codecs/h264.ts';
import { hevcEntry } from '../codecs/hevc.ts';
import { mpeg2videoEntry } from '../codecs/mpeg2video.ts';
import { heldPacketsMax } from '../limits.ts';
import { isRandomAccess, isScrambled, packetBytes, payloadAt } from './packet.ts';
import { elementaryAt, presentationTime } from './pes.ts';
import type { ElementaryStream } from './psi.ts';

/** Where the elementary stream of the codec tells of key pictures; other codecs depend on the indicator alone. */
const finders = new Map<number, FindEntry>([
  [0x01, mpeg2videoEntry],
  [0x02, mpeg2videoEntry],
  [0x1b, h264Entry],
  [0x24, hevcEntry],
]);

/**
 * The elementary stream that decides where a program may be cut, and tells its time: the first video stream, or the first
 * audio stream of a program without video.
 *
 * A video PES packet is an entry when its elementary stream proves it, or when its packet has the random_access_indicator
 * and the elementary stream does not prove the contrary: some encoders set it on every picture. Without an indicator, what
 * fits into the packet may leave it `open`; then more packets are asked, unless the stream is one with indicators and the
 * packet does not even hold parameter sets. Parameter sets with no picture behind them, in a PES packet of their own, are
 * an entry: the picture follows. Every audio PES packet is an entry.
 */
export class KeyStream {
  readonly pid: number;
  readonly #streamType: number;
  readonly #isVideo: boolean;
  readonly #find: FindEntry | undefined;
  readonly #time: Unwrapper;
  #indicated = false;
  #opening: Uint8Array | null = null;
  #openingBytes = 0;

  constructor(stream: ElementaryStream, time: Unwrapper) {
    this.pid = stream.pid;
    this.#streamType = stream.streamType;
    this.#isVideo = stream.media === 'video';
    this.#find = finders.get(stream.streamType);
    this.#time = time;
  }

  /** True when `stream` is the one followed, so that what has been learnt of it stays. */
  follows(stream: ElementaryStream): boolean {
    return stream.pid === this.pid && stream.streamType === this.#streamType;
  }

  /** Presentation time of the PES packet that starts in the packet at `at`; null when it carries none. */
  timeMicrosAt(bytes: Uint8Array, at: number): number | null {
    if (isScrambled(bytes, at)) return null;
    const ticks = presentationTime(bytes, payloadAt(bytes, at), at + packetBytes);
    return ticks === null ? null : microsOf90k(this.#time.unwrap(ticks));
  }

  /** Judges the PES packet that starts in the packet at `at`. `open` begins a question that {@link goOn} and {@link settle} end. */
  start(bytes: Uint8Array, at: number): 'entry' | 'other' | 'open' {
    if (!this.#isVideo) return 'entry';
    const indicated = isRandomAccess(bytes, at);
    this.#indicated ||= indicated;
    const entry = this.#inspect(bytes, at);
    if (entry === 'key' || (indicated && entry !== 'other')) return 'entry';
    if (entry !== 'headers' && (entry !== 'short' || this.#indicated)) return 'other';
    this.#openingBytes = 0;
    this.#append(bytes, elementaryAt(bytes, payloadAt(bytes, at), at + packetBytes), at + packetBytes);
    return 'open';
  }

  /** Goes on with the next packet of the stream, at `at`. */
  goOn(bytes: Uint8Array, at: number): 'entry' | 'other' | 'open' {
    this.#append(bytes, payloadAt(bytes, at), at + packetBytes);
    const entry = this.#ask();
    return entry === 'key' ? 'entry' : entry === 'short' || entry === 'headers' ? 'open' : 'other';
  }

  /** Ends an open question for which there are no more packets. */
  settle(): 'entry' | 'other' {
    return this.#ask() === 'headers' ? 'entry' : 'other';
  }

  #inspect(bytes: Uint8Array, at: number): Entry {
    if (this.#find === undefined || isScrambled(bytes, at)) return 'hearsay';
    const end = at + packetBytes;
    return this.#find(bytes, elementaryAt(bytes, payloadAt(bytes, at), end), end);
  }

  #ask(): Entry {
    return this.#opening === null || this.#find === undefined ? 'other' : this.#find(this.#opening, 0, this.#openingBytes);
  }

  #append(bytes: Uint8Array, from: number, to: number): void {
    this.#opening ??= new Uint8Array(heldPacketsMax * packetBytes);
    this.#opening.set(bytes.subarray(from, to), this.#openingBytes);
    this.#openingBytes += to - from;
  }
}
