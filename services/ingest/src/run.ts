import type { Framer } from '@weir/framers';
import type { Frame, StreamFrame } from '@weir/media';
import { steadyMillis } from '@weir/subscriber';
import { titleCharactersMax } from './limits.ts';
import { MediaClock } from './media-clock.ts';

/** One run of a source: its epoch, and the numbering of its frames. */
export class Run {
  readonly epoch: number;
  readonly startedMillis: number = performance.now();
  /** Total bytes read, and when the last came. */
  bytes = 0;
  lastBytesMillis: number = performance.now();
  frames = 0;
  /** May be changed until the first bytes. */
  framer: Framer;
  readonly #push: (frame: StreamFrame) => void;
  #sequence = 0;
  #group = 0;
  #capturedMillis = 0;
  readonly #clock = new MediaClock();
  /** What is on; told after the first init. */
  #title = '';
  #begun = false;

  /** @param push takes the frames, numbered, in order */
  constructor(epoch: number, framer: Framer, push: (frame: StreamFrame) => void) {
    this.epoch = epoch;
    this.framer = framer;
    this.#push = push;
  }

  get faults(): { readonly skippedBytes: number; readonly gaps: number } {
    return this.framer.faults;
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
    this.#capturedMillis = steadyMillis();
    this.framer.push(chunk, this.#emit);
  }

  /** The source gives no more. */
  finish(): void {
    this.framer.end(this.#emit);
  }

  /** Tells every reader that nothing follows, ever. */
  end(): void {
    this.#push({ kind: 'end', payload: new Uint8Array(0), ...this.#place() });
  }

  /** Milliseconds since the last byte, or since media time last advanced while bytes came: what `stall` bounds. */
  stalledMillis(nowMillis: number): number {
    return Math.max(nowMillis - this.lastBytesMillis, this.#clock.stillMillis(nowMillis));
  }

  /** What is on from here on, as a `TitleFrame` has it; the same again is not told again. */
  title(text: string): void {
    const lines = text.split('\n', 2).map((line) => line.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim().slice(0, titleCharactersMax));
    const told = lines.join('\n').trimEnd();
    if (told === this.#title) return;
    this.#title = told;
    if (this.#begun) this.#pushTitle();
  }

  readonly #emit = (frame: Frame): void => {
    if (frame.kind === 'init') {
      this.#push({ ...frame, ...this.#place() });
      if (!this.#begun && this.#title !== '') this.#pushTitle();
      this.#begun = true;
      return;
    }
    if (frame.kind === 'random-access') this.#group++;
    this.frames++;
    const { kind, payload, timeMicros } = frame;
    if (timeMicros !== null) this.#clock.tell(timeMicros, this.lastBytesMillis);
    // Named one by one: V8 gives an object that begins with a spread, and goes on, a hidden class of its own, larger than itself.
    this.#push({ kind, payload, timeMicros, ...this.#place() });
  };

  #pushTitle(): void {
    this.#push({ kind: 'title', payload: Buffer.from(this.#title), ...this.#place() });
  }

  #place(): { epoch: number; sequence: number; group: number; capturedMillis: number; discontinuity: boolean } {
    return { epoch: this.epoch, sequence: this.#sequence++, group: this.#group, capturedMillis: this.#capturedMillis, discontinuity: false };
  }
}
