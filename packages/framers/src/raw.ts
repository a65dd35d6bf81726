import { formatOf } from '@weir/media';
import type { Emit, Faults, Framer } from './framer.ts';

/**
 * Cuts at multiples of `blockBytes` (a sample of all channels, a cell, a record), counted from the first byte; every
 * block is a random access point. Whole blocks of one chunk leave as one frame.
 */
export class RawFramer implements Framer {
  readonly faults: Faults = { skippedBytes: 0, gaps: 0 };
  readonly #blockBytes: number;
  #carry: Uint8Array = new Uint8Array(0);
  #started = false;

  constructor(blockBytes = 1) {
    this.#blockBytes = blockBytes;
  }

  push(chunk: Uint8Array, emit: Emit): void {
    if (!this.#started) {
      this.#started = true;
      emit({ kind: 'init', format: 'raw', contentType: formatOf('raw').contentType, payload: new Uint8Array(0) });
    }
    const bytes = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk]);
    const whole = bytes.length - (bytes.length % this.#blockBytes);
    if (whole > 0) emit({ kind: 'random-access', payload: bytes.subarray(0, whole), timeMicros: null });
    this.#carry = bytes.subarray(whole);
  }

  end(): number {
    const left = this.#carry.length;
    this.#carry = new Uint8Array(0);
    return left;
  }
}
