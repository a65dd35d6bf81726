import { frameBytesMax } from '../limits.ts';
import type { Step } from '../resync.ts';
import { BitReader } from './bit-reader.ts';
import { crc16 } from './checksum.ts';
import { parseFrameHeader } from './frame-header.ts';
import type { FrameHeader } from './frame-header.ts';
import type { StreamInfo } from './stream-info.ts';

/**
 * Finds where a frame ends by stepping over its coded samples (RFC 9639 §9.2) as its bytes arrive, over each once.
 *
 * FLAC frames do not tell their length. Their end would show, too, when the next one begins, but then every frame
 * would be late by its own duration.
 */
export class FrameWalk {
  readonly #stream: StreamInfo;
  readonly #reader = new BitReader();
  #header: FrameHeader | null = null;
  #sizeMax = 0;
  /** Subframes, one per channel, that have not begun. */
  #subframesLeft = 0;
  /** Partitions of the residual at hand that have not begun, and what they have in common. */
  #partitionsLeft = 0;
  #partitionSamples = 0;
  #parameterBits = 0;
  /** Samples that the next partition is short of, because the predictor's warm-up has them: of the first one only. */
  #warmUpSamples = 0;
  /** Samples left in the partition at hand, and their Rice parameter. */
  #samplesLeft = 0;
  #parameter = 0;

  constructor(stream: StreamInfo) {
    this.#stream = stream;
  }

  /** As `Syntax.unit`: the size of the frame at `at` once its last byte is there; `invalid` when its checksum is wrong. */
  unit(bytes: Uint8Array, at: number, end: number, examined: number): Step {
    if (examined === 0) this.#header = null;
    if (this.#header === null) {
      const header = parseFrameHeader(bytes, at, end, this.#stream);
      if (typeof header === 'string') return header;
      this.#begin(header);
    }
    this.#reader.show(bytes, at, end);
    const step = this.#walk();
    if (step === 'invalid' || (step === 'short' ? end - at : step) > this.#sizeMax) return 'invalid';
    if (step === 'short' || at + step > end) return 'short';
    return crc16(bytes, at, at + step) === 0 ? step : 'invalid';
  }

  #begin(header: FrameHeader): void {
    this.#header = header;
    this.#sizeMax = frameSizeMax(this.#stream, header.blockSize);
    this.#reader.bit = header.bytes * 8;
    this.#subframesLeft = this.#stream.channels;
    this.#partitionsLeft = 0;
    this.#samplesLeft = 0;
  }

  /** The size of the frame, its CRC-16 included, as soon as it is known. */
  #walk(): Step {
    const reader = this.#reader;
    for (;;) {
      if (this.#samplesLeft > 0) this.#samplesLeft = reader.skipRice(this.#samplesLeft, this.#parameter);
      if (this.#samplesLeft > 0) return 'short';
      if (this.#partitionsLeft === 0 && this.#subframesLeft === 0) return ((reader.bit + 7) >> 3) + 2;
      const from = reader.bit;
      const isValid = this.#partitionsLeft > 0 ? this.#beginPartition() : this.#beginSubframe();
      if (reader.ranOut) {
        reader.ranOut = false;
        reader.bit = from;
        return 'short';
      }
      if (!isValid) return 'invalid';
    }
  }

  /** RFC 9639 §9.2.1 to §9.2.6; changes nothing when the bits run out. */
  #beginSubframe(): boolean {
    const reader = this.#reader;
    const { blockSize, sideChannel } = this.#header!;
    if (reader.read(1) !== 0) return false;
    const type = reader.read(6);
    const wastedBits = reader.read(1) === 0 ? 0 : this.#readWastedBits();
    const isSide = this.#stream.channels - this.#subframesLeft === sideChannel;
    const sampleBits = this.#stream.bitsPerSample + (isSide ? 1 : 0) - wastedBits;
    if (sampleBits < 1) return false;
    if (type === 0 || type === 1) {
      reader.bit += type === 0 ? sampleBits : sampleBits * blockSize; // constant, verbatim
    } else if (type >= 8 && type <= 12) {
      const order = type - 8; // fixed predictor
      reader.bit += order * sampleBits;
      if (!this.#beginResidual(blockSize, order)) return false;
    } else if (type >= 32) {
      const order = type - 31; // linear predictor: warm-up samples, coefficient precision, shift, coefficients
      reader.bit += order * sampleBits;
      const precision = reader.read(4) + 1;
      reader.bit += 5 + order * precision;
      if (!this.#beginResidual(blockSize, order)) return false;
    } else {
      return false; // reserved
    }
    if (!reader.ranOut) this.#subframesLeft--;
    return true;
  }

  /** RFC 9639 §9.2.2: zeros and a one, the number of bits that all samples have as zeros at their end. */
  #readWastedBits(): number {
    let bits = 1;
    while (bits < this.#stream.bitsPerSample && this.#reader.read(1) === 0) bits++;
    return bits;
  }

  /** RFC 9639 §9.2.7, up to the first partition. */
  #beginResidual(blockSize: number, predictorOrder: number): boolean {
    const method = this.#reader.read(2);
    const partitionOrder = this.#reader.read(4);
    const partitionSamples = blockSize >> partitionOrder;
    if (method > 1 || partitionSamples << partitionOrder !== blockSize || partitionSamples < predictorOrder) return false;
    if (this.#reader.ranOut) return true;
    this.#parameterBits = 4 + method;
    this.#partitionsLeft = 1 << partitionOrder;
    this.#partitionSamples = partitionSamples;
    this.#warmUpSamples = predictorOrder;
    return true;
  }

  /** A Rice parameter, or all ones and the number of bits that every sample of the partition has. */
  #beginPartition(): boolean {
    const reader = this.#reader;
    const samples = this.#partitionSamples - this.#warmUpSamples;
    const parameter = reader.read(this.#parameterBits);
    const isEscaped = parameter === 2 ** this.#parameterBits - 1;
    const plainBits = isEscaped ? reader.read(5) : 0;
    if (reader.ranOut) return true;
    this.#partitionsLeft--;
    this.#warmUpSamples = 0;
    if (isEscaped) {
      reader.bit += plainBits * samples;
    } else {
      this.#samplesLeft = samples;
      this.#parameter = parameter;
    }
    return true;
  }
}

/** Encoders store samples as they are where coding them would take more; the rest is for headers and coefficients. */
function frameSizeMax(stream: StreamInfo, blockSize: number): number {
  const channelBytes = Math.ceil((blockSize * (stream.bitsPerSample + 1)) / 8) + 256;
  return Math.min(frameBytesMax, stream.channels * channelBytes + 64);
}
