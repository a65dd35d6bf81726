/** ISO/IEC 14496-12 §8.8 and 23000-19 (CMAF): fragmented MP4. */
import type { Emit, Framer } from '../framer.ts';
import { frameBytesMax, initBytesMax, unknownElementBytesMax } from '../limits.ts';
import { Window } from '../window.ts';
import { countFromMoof } from './base-offset.ts';
import { BoxHead, boxType, headBytesMax } from './box.ts';
import { parseFragment } from './fragment.ts';
import { type Movie, parseMovie } from './movie.ts';
import { findResumption } from './resumption.ts';
import { withoutSamples } from './sample-table.ts';

const ftyp = boxType('ftyp');
const moov = boxType('moov');
const moof = boxType('moof');
const mdat = boxType('mdat');
const mfra = boxType('mfra');

/** What stands in front of a fragment and belongs to it. */
const leaders: ReadonlySet<number> = new Set(['styp', 'sidx', 'ssix', 'emsg', 'prft'].map(boxType));
/** What else has a meaning outside of other boxes. */
const others: ReadonlySet<number> = new Set(['free', 'skip', 'wide', 'uuid', 'meta', 'pdin', 'udta'].map(boxType));

/**
 * - `lost`: looking for a ftyp or moov box or, once there was one, the next fragment
 * - `header`: from the ftyp box to the end of the moov box
 * - `stream`: behind it
 */
type Place = 'lost' | 'header' | 'stream';

/**
 * One frame is one fragment: a moof box, the mdat box after it, and the styp, sidx, emsg and prft boxes before it. It leaves
 * when its last byte has come, so the latency of such a stream is the length of its fragments. Boxes between fragments are delta
 * frames. The init is the ftyp and moov boxes.
 *
 * A file that is not fragmented, its moov box without mvex, cannot be joined: all of it is skipped. So is a box without an
 * end (size 0), which would never be a whole frame.
 *
 * Payloads are the input's bytes with one exception: fragments whose data is counted from the start of the file
 * ({@link countFromMoof}) could not be joined otherwise.
 */
export class Mp4Framer implements Framer {
  readonly faults: { skippedBytes: number; gaps: number } = { skippedBytes: 0, gaps: 0 };
  readonly #window = new Window();
  readonly #box = new BoxHead();
  #place: Place = 'lost';
  /** Bytes from the window's first that belong to the frame or header in the making, and have been read. */
  #scanned = 0;
  /** Where in them the moof box is. */
  #moof: { readonly startOffset: number; readonly contentOffset: number; readonly endOffset: number } | null = null;
  #ftyp: Uint8Array = new Uint8Array(0);
  #movie: Movie | null = null;
  /** Bytes of the encoder's file before the window's first. */
  #position = 0;

  push(chunk: Uint8Array, emit: Emit): void {
    this.#window.push(chunk);
    while (this.#step(emit));
  }

  end(emit: Emit): number {
    if (this.#place === 'stream' && this.#moof === null) this.#flush(emit);
    const left = this.#window.length;
    this.#window.skip(left);
    this.#scanned = 0;
    this.#moof = null;
    this.#place = 'lost';
    return left;
  }

  /** Goes on by one box; false when that takes more bytes. */
  #step(emit: Emit): boolean {
    if (this.#place === 'lost') return this.#search();
    const window = this.#window;
    window.has(this.#scanned + headBytesMax);
    const headBytes = this.#box.read(window.bytes, window.at + this.#scanned, window.end);
    if (headBytes === 'short') return false;
    if (headBytes === 'invalid') return this.#lose();
    return this.#place === 'header' ? this.#readHeader(headBytes, emit) : this.#readStream(headBytes, emit);
  }

  #skip(count: number): void {
    this.faults.skippedBytes += count;
    this.#position += count;
    this.#window.skip(count);
  }

  /** What comes next makes no sense: looks for a new start behind what did, so that nothing is ever read twice. */
  #lose(): boolean {
    this.#skip(Math.max(1, this.#scanned));
    this.#scanned = 0;
    this.#moof = null;
    this.#place = 'lost';
    return true;
  }

  #search(): boolean {
    const window = this.#window;
    if (!window.has(1)) return false;
    const { found, at } = findResumption(window.bytes, window.at, window.end, this.#movie !== null);
    const isDoubtful = at < window.end;
    this.#skip(at - window.at);
    if (!found) return !isDoubtful || window.more();
    this.#place = 'stream';
    return true;
  }

  #readHeader(headBytes: number, emit: Emit): boolean {
    const { type, size } = this.#box;
    const window = this.#window;
    const next = this.#scanned + size;
    if (next > initBytesMax || (type !== ftyp && type !== moov && !others.has(type))) return this.#lose();
    if (!window.has(next)) return false;
    const start = window.at + this.#scanned;
    const end = window.at + next;
    this.#scanned = next;
    if (type === ftyp) this.#ftyp = window.bytes.subarray(start, end);
    if (type !== moov) return true;
    this.#movie = parseMovie(window.bytes, start + headBytes, end);
    if (this.#movie === null) {
      this.#skip(next);
      this.#scanned = 0;
      this.#place = 'lost';
      return true;
    }
    const payload = Buffer.concat([this.#ftyp, withoutSamples(window.bytes.subarray(start, end), headBytes)]);
    emit({ kind: 'init', format: 'mp4', contentType: this.#movie.contentType, payload });
    this.#place = 'stream';
    this.#flush(emit);
    return true;
  }

  #readStream(headBytes: number, emit: Emit): boolean {
    const { type, size } = this.#box;
    if (type === ftyp || type === moov) {
      this.#flush(emit);
      this.#movie = null;
      this.#position = 0;
      this.#place = 'header';
      return true;
    }
    if (this.#scanned > 0 && (type === mfra || (type === moof && this.#moof !== null))) {
      this.#flush(emit);
      return true;
    }
    const next = this.#scanned + size;
    const isLeader = leaders.has(type);
    const isKnown = isLeader || type === moof || type === mdat || type === mfra || others.has(type);
    if (next > frameBytesMax || (!isKnown && size > unknownElementBytesMax)) return this.#lose();
    if (!this.#window.has(next)) return false;
    const isWithin = this.#scanned > 0 || isLeader || type === moof;
    if (type === moof) this.#moof = { startOffset: this.#scanned, contentOffset: this.#scanned + headBytes, endOffset: next };
    this.#scanned = next;
    if (type === mdat || !isWithin) this.#flush(emit);
    return true;
  }

  /** Emits the boxes that have been read. */
  #flush(emit: Emit): void {
    const frameBytes = this.#scanned;
    if (frameBytes === 0) return;
    const boxes = this.#window.take(frameBytes);
    if (this.#moof === null || this.#movie === null) emit({ kind: 'delta', payload: boxes, timeMicros: null });
    else {
      const { startOffset, contentOffset, endOffset } = this.#moof;
      const { isRandomAccess, timeMicros } = parseFragment(boxes, contentOffset, endOffset, this.#movie);
      const joinable = countFromMoof(boxes, contentOffset, endOffset, this.#position + startOffset);
      emit({ kind: isRandomAccess && joinable !== null ? 'random-access' : 'delta', payload: joinable ?? boxes, timeMicros });
    }
    this.#position += frameBytes;
    this.#scanned = 0;
    this.#moof = null;
  }
}
