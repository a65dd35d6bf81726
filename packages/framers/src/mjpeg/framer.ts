/** JPEG pictures one after the other, as FFmpeg's mjpeg muxer and many capture programs write them. */
import { formatOf } from '@weir/media';
import type { Emit, Framer } from '../framer.ts';
import { frameBytesMax } from '../limits.ts';
import { Window } from '../window.ts';
import { PictureEnd } from './picture.ts';

/** SOI, and the first byte of whatever marker follows. */
const pictureStart: Buffer = Buffer.from([0xff, 0xd8, 0xff]);

/**
 * One frame is one picture, from SOI to EOI; each is a random access frame without a time. It leaves when its last byte has
 * come. What stands between pictures is skipped.
 */
export class MjpegFramer implements Framer {
  readonly faults: { skippedBytes: number; gaps: number } = { skippedBytes: 0, gaps: 0 };
  readonly #window = new Window();
  readonly #pictureEnd = new PictureEnd();
  #started = false;
  #place: 'between' | 'picture' = 'between';

  push(chunk: Uint8Array, emit: Emit): void {
    this.#window.push(chunk);
    while (this.#place === 'between' ? this.#findStart() : this.#findEnd(emit));
  }

  end(): number {
    const left = this.#window.length;
    this.#window.skip(left);
    this.#place = 'between';
    return left;
  }

  #skip(count: number): void {
    this.faults.skippedBytes += count;
    this.#window.skip(count);
  }

  #findStart(): boolean {
    const window = this.#window;
    if (!window.has(pictureStart.length)) return false;
    const { bytes, at, end } = window;
    const found = Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).indexOf(pictureStart);
    if (found === -1) this.#skip(end - at - pictureStart.length + 1);
    else {
      this.#skip(found);
      this.#place = 'picture';
      this.#pictureEnd.reset();
    }
    return true;
  }

  #findEnd(emit: Emit): boolean {
    const window = this.#window;
    do {
      const found = this.#pictureEnd.find(window.bytes, window.at, window.end);
      if (found === 'invalid') return this.#giveUp(this.#pictureEnd.examined);
      if (found !== 'short' && found <= frameBytesMax) {
        this.#emitPicture(found, emit);
        return true;
      }
      if (window.end - window.at > frameBytesMax) return this.#giveUp(frameBytesMax);
    } while (window.more());
    return false;
  }

  #emitPicture(pictureBytes: number, emit: Emit): void {
    if (!this.#started) {
      this.#started = true;
      const { contentType } = formatOf('mjpeg');
      emit({ kind: 'init', format: 'mjpeg', contentType, payload: new Uint8Array(0) });
    }
    emit({ kind: 'random-access', payload: this.#window.take(pictureBytes), timeMicros: null });
    this.#place = 'between';
  }

  /** Not a picture so far: what of it made sense is skipped too, or its thumbnail would pass for a picture. */
  #giveUp(count: number): boolean {
    this.#skip(count);
    this.#place = 'between';
    return true;
  }
}
