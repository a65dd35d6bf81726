import { formatOf } from '@weir/media';
import type { Emit, Faults, Framer } from '../framer.ts';
import { audioTag } from '../mp3/tag.ts';
import { Resync } from '../resync.ts';
import type { Syntax } from '../resync.ts';
import { SampleClock } from '../sample-clock.ts';
import { frameAt, headerBytes, kindAt, sampleRateAt, samplesAt } from './header.ts';

const adts: Syntax = {
  unit: frameAt,
  likeness: kindAt,
  plausible: () => true,
  intact: () => true,
  tag: audioTag,
  confirmations: 2,
  stepBytes: headerBytes,
};

/**
 * AAC in ADTS: every frame is a random access frame, its time is the samples before it. Tags (ID3v2, as HLS and some
 * encoders put between frames, ID3v1, APEv2) are skipped.
 */
export class AdtsFramer implements Framer {
  readonly faults: Faults;
  readonly #resync: Resync;
  readonly #clock = new SampleClock();
  #started = false;

  constructor() {
    this.#resync = new Resync(adts, (bytes, at, size, emit) => this.#take(bytes, at, size, emit));
    this.faults = this.#resync.faults;
  }

  push(chunk: Uint8Array, emit: Emit): void {
    this.#resync.push(chunk, emit);
  }

  end(emit: Emit): number {
    return this.#resync.end(emit);
  }

  #take(bytes: Uint8Array, at: number, size: number, emit: Emit): void {
    if (!this.#started) {
      this.#started = true;
      emit({ kind: 'init', format: 'adts', contentType: formatOf('adts').contentType, payload: new Uint8Array(0) });
    }
    const timeMicros = this.#clock.count(samplesAt(bytes, at), sampleRateAt(bytes, at));
    emit({ kind: 'random-access', payload: bytes.subarray(at, at + size), timeMicros });
  }
}
