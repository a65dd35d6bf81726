import type { FormatName } from '@weir/media';
import { createFramer, type FramerOptions } from './create.ts';
import type { Emit, Faults, Framer } from './framer.ts';
import { recognise } from './recognise.ts';
import { Window } from './window.ts';

/** Up to here every chunk is a reason to look again; from here on, an eightieth more bytes. */
const eagerBytes = 1024;

/**
 * Holds back the first bytes of a stream until they tell its format, at most `recogniseBytesMax` of them and the chunk that exceeds them;
 * from then on it is the framer of that format. A stream of no known format, or one that ends before it has told, is cut as another.
 */
export class RecognisingFramer implements Framer {
  readonly #options: FramerOptions;
  readonly #otherwise: FormatName;
  readonly #window = new Window();
  #framer: Framer | null = null;
  #format: FormatName | null = null;
  #retryBytes = 0;

  /** @param otherwise what a stream of no known format counts as: what the same source gave before, or `raw` */
  constructor(options: FramerOptions = {}, otherwise: FormatName = 'raw') {
    this.#options = options;
    this.#otherwise = otherwise;
  }

  /** What the first bytes told; null before, and when it is none that weir knows. */
  get format(): FormatName | null {
    return this.#format;
  }

  get faults(): Faults {
    return this.#framer?.faults ?? { skippedBytes: 0, gaps: 0 };
  }

  push(chunk: Uint8Array, emit: Emit): void {
    if (this.#framer !== null) {
      this.#framer.push(chunk, emit);
      return;
    }
    const window = this.#window;
    window.push(chunk);
    while (window.more());
    if (window.length < this.#retryBytes) return;
    const format = recognise(window.bytes.subarray(window.at, window.end));
    if (format === 'more') this.#retryBytes = window.length < eagerBytes ? 0 : Math.ceil(window.length * (1 + 1 / 80));
    else this.#become(format).push(window.take(window.length), emit);
  }

  end(emit: Emit): number {
    const held = this.#window.take(this.#window.length);
    if (held.length > 0) {
      // The last bytes may not have been looked at.
      const format = recognise(held);
      this.#become(format === 'more' ? null : format).push(held, emit);
    }
    return this.#framer?.end(emit) ?? 0;
  }

  #become(format: FormatName | null): Framer {
    this.#format = format;
    this.#framer = createFramer(format ?? this.#otherwise, this.#options);
    return this.#framer;
  }
}
