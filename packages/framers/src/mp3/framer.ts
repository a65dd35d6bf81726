import { formatOf } from '@weir/media';
import type { Emit, Faults, Framer } from '../framer.ts';
import { Resync } from '../resync.ts';
import type { Syntax } from '../resync.ts';
import { SampleClock } from '../sample-clock.ts';
import { frameAt, headerBytes, kindAt, sampleRateOf, samplesOf } from './header.ts';
import { isInfoFrame } from './info-frame.ts';
import { audioTag } from './tag.ts';

const mpegAudio: Syntax = {
  unit: frameAt,
  likeness: kindAt,
  plausible: () => true,
  intact: () => true,
  tag: audioTag,
  confirmations: 2,
  stepBytes: headerBytes,
};

/**
 * MPEG-1, MPEG-2 and MPEG-2.5 audio, layers I to III: every frame is a random access frame, its time is the samples before it.
 *
 * Skipped, as they serve nobody in a live stream: tags (ID3v1, ID3v2, APEv2), wherever they stand, and the Xing, Info
 * or VBRI frame of a file. Frames of the free format do not tell their length: a stream of them is skipped whole.
 */
export class Mp3Framer implements Framer {
  readonly faults: Faults;
  readonly #resync: Resync;
  readonly #clock = new SampleClock();
  #started = false;

  constructor() {
    this.#resync = new Resync(mpegAudio, (bytes, at, size, emit) => this.#take(bytes, at, size, emit));
    this.faults = this.#resync.faults;
  }

  push(chunk: Uint8Array, emit: Emit): void {
    this.#resync.push(chunk, emit);
  }

  end(emit: Emit): number {
    return this.#resync.end(emit);
  }

  #take(bytes: Uint8Array, at: number, size: number, emit: Emit): void {
    if (isInfoFrame(bytes, at, size)) {
      this.#resync.faults.skippedBytes += size;
      return;
    }
    if (!this.#started) {
      this.#started = true;
      emit({ kind: 'init', format: 'mp3', contentType: formatOf('mp3').contentType, payload: new Uint8Array(0) });
    }
    const kind = kindAt(bytes, at);
    const timeMicros = this.#clock.count(samplesOf(kind), sampleRateOf(kind));
    emit({ kind: 'random-access', payload: bytes.subarray(at, at + size), timeMicros });
  }
}
