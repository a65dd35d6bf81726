import { Unwrapper, formatOf } from '@weir/media';
import type { Emit, Faults, Framer } from '../framer.ts';
import { announcedMillisMax, initBytesMax, waitingTagsMax } from '../limits.ts';
import { Resync } from '../resync.ts';
import { type Body, audioBody, videoBody } from './body.ts';
import { type MediaKinds, claimedKinds, mayBeFileHeader } from './file-header.ts';
import { Headers, isMetadata } from './headers.ts';
import { audioTag, bodyEnd, scriptTag, tagHeaderBytes, tagMillis, tagType, videoTag } from './tag.ts';
import { TagSyntax } from './tag-syntax.ts';

/**
 * Flash video: each tag with the PreviousTagSize after it is one frame.
 *
 * Random access is a video key frame whose sequence header has come, if its codec has one; in a file without video every
 * audio tag. Times are presentation times; tags without media have the time of the last one with.
 *
 * The init is the file header, onMetaData and the sequence headers. It comes before the first coded frame, with the
 * headers that have come by then (tags before it wait), and again before the first coded frame after a header
 * has changed: nothing waits for a track that may never come. The flags of its file header are those of the media that have
 * come, or are announced by the encoder's own and have not been due for {@link announcedMillisMax} yet. A second
 * file header begins another file; it is skipped, since players cannot read it.
 */
export class FlvFramer implements Framer {
  readonly #syntax = new TagSyntax();
  readonly #resync: Resync = new Resync(this.#syntax, (bytes, at, size, emit) => this.#take(bytes, at, size, emit));
  readonly #headers = new Headers();
  readonly #time = new Unwrapper(32);
  /** Before the first init: the tags that wait for it. */
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #init: Uint8Array | null = null;
  #isInitStale = true;
  /** What the encoder's file header announces; a stream without one may hold anything. Null when that has become void. */
  #announced: MediaKinds | null = { audio: true, video: true };
  #come = { audio: false, video: false };
  #firstMillis: number | null = null;
  #nowMicros: number | null = null;

  get faults(): Faults {
    return this.#resync.faults;
  }

  push(chunk: Uint8Array, emit: Emit): void {
    this.#resync.push(chunk, emit);
  }

  end(emit: Emit): number {
    const left = this.#resync.end(emit);
    if (this.#waiting.length > 0) this.#start(emit);
    return left;
  }

  #take(bytes: Uint8Array, at: number, size: number, emit: Emit): void {
    const payload = bytes.subarray(at, at + size);
    const type = tagType(bytes, at);
    const from = at + tagHeaderBytes;
    const to = bodyEnd(at, size);
    if (type === videoTag) this.#takeMedia(videoBody(bytes, from, to), payload, emit);
    else if (type === audioTag) this.#takeMedia(audioBody(bytes, from, to), payload, emit);
    else if (mayBeFileHeader(bytes, at, at + size)) this.#takeFileHeader(payload, emit);
    else {
      if (type === scriptTag && isMetadata(bytes, from, to) && this.#headers.set(payload, 'extra', 0)) this.#isInitStale = true;
      this.#forward(payload, emit);
    }
  }

  #takeFileHeader(payload: Uint8Array, emit: Emit): void {
    this.#announced = claimedKinds(payload, 0);
    if (this.#init === null && this.#waiting.length === 0) {
      this.#forward(payload, emit);
      return;
    }
    this.#resync.faults.skippedBytes += payload.length;
    this.#headers.clear();
    this.#come = { audio: false, video: false };
    this.#firstMillis = null;
    this.#isInitStale = true;
  }

  #takeMedia(body: Body, payload: Uint8Array, emit: Emit): void {
    const type = tagType(payload, 0);
    if (body.use === 'key' || body.use === 'delta') {
      this.#takeFrame(body, type, payload, emit);
      return;
    }
    if (body.use !== 'other') {
      this.#arrive(type);
      if (this.#headers.set(payload, body.use, body.track)) this.#isInitStale = true;
    }
    this.#forward(payload, emit);
  }

  #takeFrame(body: Body, type: number, payload: Uint8Array, emit: Emit): void {
    this.#arrive(type);
    this.#syntax.note(payload);
    const millis = this.#time.unwrap(tagMillis(payload));
    this.#firstMillis ??= millis;
    if (this.#announced !== null && Math.abs(millis - this.#firstMillis) > announcedMillisMax) {
      this.#announced = null;
      this.#isInitStale = true;
    }
    if (this.#isInitStale) this.#start(emit);
    this.#nowMicros = (millis + body.compositionMillis) * 1000;
    const kind = this.#isEntry(body, type) ? 'random-access' : 'delta';
    emit({ kind, payload, timeMicros: this.#nowMicros });
  }

  #isEntry(body: Body, type: number): boolean {
    if (body.use !== 'key' || body.track > 0 || (type === audioTag && this.#kinds.video)) return false;
    return !body.needsSequence || this.#headers.hasSequence(type, body.track);
  }

  #arrive(type: number): void {
    const kind = type === videoTag ? 'video' : 'audio';
    if (this.#come[kind]) return;
    this.#come[kind] = true;
    this.#isInitStale = true;
  }

  get #kinds(): MediaKinds {
    const { audio, video } = this.#come;
    return { audio: audio || this.#announced?.audio === true, video: video || this.#announced?.video === true };
  }

  /** Emits a tag that is no coded frame, or lets it wait for the init. */
  #forward(payload: Uint8Array, emit: Emit): void {
    if (this.#init !== null) {
      emit({ kind: 'delta', payload, timeMicros: this.#nowMicros });
      return;
    }
    this.#waiting.push(payload);
    this.#waitingBytes += payload.length;
    if (this.#waiting.length === waitingTagsMax || this.#waitingBytes > initBytesMax) this.#start(emit);
  }

  /** Emits the init, if it is not the one before, and what has waited for it. */
  #start(emit: Emit): void {
    this.#isInitStale = false;
    const init = this.#headers.init(this.#kinds);
    if (this.#init !== null && Buffer.compare(init, this.#init) === 0) return;
    this.#init = init;
    emit({ kind: 'init', format: 'flv', contentType: formatOf('flv').contentType, payload: init });
    for (const payload of this.#waiting) emit({ kind: 'delta', payload, timeMicros: null });
    this.#waiting = [];
  }
}
