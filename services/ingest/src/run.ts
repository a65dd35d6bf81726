import { shiftFlvTag } from '@weir/framers';
import type { Framer } from '@weir/framers';
import type { Frame, MediaFrame, StreamFrame } from '@weir/media';
import { epochGapMicros } from './limits.ts';
import { MediaClock } from './media-clock.ts';

/** One run of a source: its epoch, and the numbering of its frames. */
export class Run {
  readonly epoch: number;
  readonly startedMillis: number = performance.now();
  /** Total bytes read, and when the last came. */
  bytes = 0;
  lastBytesMillis: number = performance.now();
  frames = 0;
  readonly #framer: Framer;
  readonly #push: (frame: StreamFrame) => void;
  #sequence = 0;
  #group = 0;
  #capturedMillis = 0;
  readonly #clock = new MediaClock();
  /** Where the run before ended; FLV players take a step back in time for a reason to stop. */
  readonly #continuesMicros: number | null;
  #shiftMicros: number | null = null;
  #isFlv = false;

  /**
   * @param push takes the frames, numbered, in order
   * @param continuesMicros the newest media time of the run before; null for the first
   */
  constructor(epoch: number, framer: Framer, push: (frame: StreamFrame) => void, continuesMicros: number | null) {
    this.epoch = epoch;
    this.#framer = framer;
    this.#push = push;
    this.#continuesMicros = continuesMicros;
  }

  /** The newest media time; null when there was none. */
  get newestMicros(): number | null {
    return this.#clock.newestMicros;
  }

  get faults(): { readonly skippedBytes: number; readonly gaps: number } {
    return this.#framer.faults;
  }

  get hasFrames(): boolean {
    return this.frames > 0;
  }

  /** How far the newest frame is ahead of the clock that started with the first; 0 where the container has no time. */
  get leadMillis(): number {
    return this.#clock.leadMillis(performance.now());
  }

  read(chunk: Uint8Array): void {
    this.bytes += chunk.length;
    this.lastBytesMillis = performance.now();
    this.#capturedMillis = Date.now();
    this.#framer.push(chunk, this.#emit);
  }

  /** The source gives no more. */
  finish(): void {
    this.#framer.end(this.#emit);
  }

  /** Tells every reader that nothing follows, ever. */
  end(): void {
    this.#push({ kind: 'end', payload: new Uint8Array(0), ...this.#place() });
  }

  /** Milliseconds since the last byte, or since media time last advanced while bytes came: what `stall` bounds. */
  stalledMillis(nowMillis: number): number {
    return Math.max(nowMillis - this.lastBytesMillis, this.#clock.stillMillis(nowMillis));
  }

  readonly #emit = (frame: Frame): void => {
    if (frame.kind === 'init') {
      this.#isFlv = frame.format === 'flv';
      this.#push({ ...frame, ...this.#place() });
      return;
    }
    if (frame.kind === 'random-access') this.#group++;
    this.frames++;
    const continued = this.#isFlv && this.#continuesMicros !== null ? this.#continue(frame, this.#continuesMicros) : frame;
    if (continued.timeMicros !== null) this.#clock.tell(continued.timeMicros, this.lastBytesMillis);
    this.#push({ ...continued, ...this.#place() });
  };

  /** The frame with its time moved to where the run before ended. */
  #continue(frame: MediaFrame, continuesMicros: number): MediaFrame {
    if (frame.timeMicros === null) return frame;
    this.#shiftMicros ??= continuesMicros + epochGapMicros - frame.timeMicros;
    return { ...frame, payload: shiftFlvTag(frame.payload, this.#shiftMicros / 1000), timeMicros: frame.timeMicros + this.#shiftMicros };
  }

  #place(): { epoch: number; sequence: number; group: number; capturedMillis: number; discontinuity: boolean } {
    return { epoch: this.epoch, sequence: this.#sequence++, group: this.#group, capturedMillis: this.#capturedMillis, discontinuity: false };
  }
}
