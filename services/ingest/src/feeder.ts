import { Cursor, joinPoint, readAhead } from '@weir/ring';
import type { CommandInput } from '@weir/supervisor';
import type { Logger } from '@weir/telemetry';
import { encoderLagMillisMax, feedBytesMax } from './limits.ts';
import type { FrameSource } from './frame-source.ts';

/**
 * Writes a source's frames into a command's stdin: one more reader of its ring, that starts at the newest random access
 * frame, waits when the pipe is full, and skips when it falls behind.
 */
export class Feeder {
  readonly #source: FrameSource;
  readonly #input: CommandInput;
  readonly #cursor: Cursor;
  readonly #unsubscribe: () => void;
  readonly #logger: Logger;
  #full = false;

  constructor(source: FrameSource, input: CommandInput, logger: Logger) {
    this.#source = source;
    this.#input = input;
    this.#logger = logger;
    this.#cursor = new Cursor(joinPoint(source.ring, { mode: 'keyframe' }));
    this.#unsubscribe = source.subscribe(() => this.#pump());
    input.onDrain = () => {
      this.#full = false;
      this.#pump();
    };
    this.#pump();
  }

  stop(): void {
    this.#unsubscribe();
    this.#input.onDrain = null;
  }

  #pump(): void {
    const { ring } = this.#source;
    if (this.#full) {
      if (ring.lagMillis(this.#cursor.index) <= encoderLagMillisMax) return;
      this.#cursor.skipToNewest(ring);
      this.#logger.warn('the encoder is slower than its feed: skipped to the newest random access frame', { skips: this.#cursor.skips });
      return;
    }
    const parts: Uint8Array[] = [];
    while (!this.#full && readAhead(ring, this.#cursor, feedBytesMax, parts) > 0) {
      for (const part of parts) if (!this.#input.write(part)) this.#full = true;
      parts.length = 0;
    }
    if (this.#cursor.state === 'ended') {
      this.#input.end();
      this.stop();
    }
  }
}
