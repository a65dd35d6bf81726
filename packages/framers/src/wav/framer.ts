import { formatOf } from '@weir/media';
import type { Emit, Faults, Framer } from '../framer.ts';
import { frameBytesMax } from '../limits.ts';
import { Window } from '../window.ts';
import { endsData, joinHeader, parseHeader } from './header.ts';
import type { WavHeader } from './header.ts';

/** The samples of one file: where they are up to. */
interface Data {
  readonly header: WavHeader;
  readonly originMicros: number;
  framedBytes: number;
  bytesLeft: number;
}

/**
 * RIFF WAVE, RF64 and BW64.
 *
 * - Init: the format, and samples without an end; the encoder's own header leaves as it is.
 * - Whole blocks (`nBlockAlign`) of one chunk leave as one random access frame.
 * - Time: bytes before, at the rate the header gives. Another header goes on where the samples before it ended.
 * - Skipped: chunks behind the samples. A size of the samples that what follows does not bear out is ignored.
 */
export class WavFramer implements Framer {
  readonly faults: { -readonly [K in keyof Faults]: Faults[K] } = { skippedBytes: 0, gaps: 0 };
  readonly #window = new Window();
  #data: Data | null = null;
  #endMicros = 0;

  push(chunk: Uint8Array, emit: Emit): void {
    this.#window.push(chunk);
    let hasMore = true;
    while (hasMore) hasMore = this.#data === null ? this.#takeHeader(emit) : this.#takeBlocks(this.#data, emit) || this.#endData(this.#data);
  }

  end(): number {
    return this.#window.length;
  }

  /** False when more bytes are needed. */
  #takeHeader(emit: Emit): boolean {
    const window = this.#window;
    const header = window.at < window.end ? parseHeader(window.bytes, window.at, window.end) : 'short';
    if (header === 'short') return window.more();
    if (header === 'invalid') {
      window.skip(1);
      this.faults.skippedBytes++;
      return true;
    }
    emit({ kind: 'init', format: 'wav', contentType: formatOf('wav').contentType, payload: joinHeader(header.formatChunk) });
    emit({ kind: 'delta', payload: window.take(header.bytes), timeMicros: null });
    this.#data = { header, originMicros: this.#endMicros, framedBytes: 0, bytesLeft: header.dataBytes };
    return true;
  }

  /** Emits the blocks that have arrived; false when there is not a whole one. */
  #takeBlocks(data: Data, emit: Emit): boolean {
    const { blockBytes, bytesPerSecond } = data.header;
    if (data.bytesLeft < blockBytes || !this.#window.has(blockBytes)) return false;
    const bytes = Math.min(this.#window.end - this.#window.at, data.bytesLeft, frameBytesMax);
    const payload = this.#window.take(bytes - (bytes % blockBytes));
    const timeMicros = bytesPerSecond === 0 ? null : this.#endMicros;
    data.framedBytes += payload.length;
    data.bytesLeft -= payload.length;
    if (bytesPerSecond > 0) this.#endMicros = data.originMicros + Math.round((data.framedBytes * 1_000_000) / bytesPerSecond);
    emit({ kind: 'random-access', payload, timeMicros });
    return true;
  }

  /** Where the samples should end: finds out whether they do; false when more bytes are needed. */
  #endData(data: Data): boolean {
    const { blockBytes, dataBytes, trailerBytes } = data.header;
    if (data.bytesLeft >= blockBytes) return false;
    const window = this.#window;
    const endBytes = data.bytesLeft + (dataBytes % 2);
    if (!window.has(endBytes + 8)) return false;
    if (endsData(window.bytes, window.at + endBytes, trailerBytes)) {
      window.skip(endBytes);
      this.faults.skippedBytes += endBytes;
      this.#data = null;
    } else {
      data.bytesLeft = Number.POSITIVE_INFINITY;
    }
    return true;
  }
}
