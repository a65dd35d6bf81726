import { Cursor, joinPoint, readAhead } from '@weir/ring';
import type { CommandInput } from '@weir/supervisor';
import type { Logger } from '@weir/telemetry';
import { encoderLagMillisMax, feedBytesMax } from './limits.ts';
import type { Producer } from './producer.ts';

/**
 * Writes a producer's frames into a command's stdin: one more reader of its ring, that starts at the newest random access
 * frame, waits when the pipe is full, and skips when it falls behind.
 */
export class Feeder {
  readonly #producer: Producer;
  readonly #input: CommandInput;
  readonly #cursor: Cursor;
  readonly #unsubscribe: () => void;
  readonly #logger: Logger;
  #full = false;

  constructor(producer: Producer, input: CommandInput, logger: Logger) {
    this.#producer = producer;
    this.#input = input;
    this.#logger = logger;
    this.#cursor = new Cursor(joinPoint(producer.ring, { mode: 'keyframe' }));
    this.#unsubscribe = producer.subscribe(() => this.#pump());
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
    const { ring } = this.#producer;
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
