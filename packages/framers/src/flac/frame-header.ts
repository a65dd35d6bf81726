import { crc8 } from './checksum.ts';
import type { StreamInfo } from './stream-info.ts';

/** RFC 9639 §9.1: the header of a frame, what it leaves to the stream information filled in. */
export interface FrameHeader {
  /** Of the header itself, its CRC included. */
  readonly bytes: number;
  /** `number` counts frames of the stream's block size; else samples. */
  readonly hasFixedBlockSize: boolean;
  readonly number: number;
  /** Samples per channel in this frame. */
  readonly blockSize: number;
  /** The channel that has the difference of two, which takes one bit more per sample; -1 where none does. */
  readonly sideChannel: number;
}

/** Indexed by the code for the sample rate, in hertz; 0: as the stream information says. 12 to 14 are given behind the number. */
const sampleRates: readonly number[] = [0, 88200, 176400, 192000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000];
/** In hertz: what the sample rates behind the number, of codes 12 to 14, count. */
const sampleRateUnits: readonly number[] = [1000, 1, 10];
/** Indexed by the code for the bit depth; 0: as the stream information says; 3 is reserved. */
const bitDepths: readonly number[] = [0, 8, 12, -1, 16, 20, 24, 32];

/** The frame header at `at`; `invalid` where there is none, or one that does not belong to the stream. */
export function parseFrameHeader(bytes: Uint8Array, at: number, end: number, stream: StreamInfo): FrameHeader | 'short' | 'invalid' {
  if (bytes[at] !== 0xff) return 'invalid';
  if (at + 5 > end) return 'short';
  if ((bytes[at + 1]! & 0xfe) !== 0xf8) return 'invalid'; // 15 bits of sync code, then the blocking strategy
  const blockSizeCode = bytes[at + 2]! >> 4;
  const sampleRateCode = bytes[at + 2]! & 0x0f;
  const channelCode = bytes[at + 3]! >> 4;
  const bitDepth = bitDepths[(bytes[at + 3]! >> 1) & 0x07]!;
  const reserved = bytes[at + 3]! & 0x01;
  const channels = channelCode < 8 ? channelCode + 1 : 2;
  if (blockSizeCode === 0 || sampleRateCode === 15 || channelCode > 10 || reserved !== 0) return 'invalid';
  if (channels !== stream.channels || (bitDepth !== 0 && bitDepth !== stream.bitsPerSample)) return 'invalid';
  const numberBytes = codedNumberBytes(bytes[at + 4]!);
  const blockSizeBytes = blockSizeCode === 6 ? 1 : blockSizeCode === 7 ? 2 : 0;
  const sampleRateBytes = sampleRateCode === 12 ? 1 : sampleRateCode >= 13 ? 2 : 0;
  const blockSizeAt = at + 4 + numberBytes;
  const sampleRateAt = blockSizeAt + blockSizeBytes;
  const crcAt = sampleRateAt + sampleRateBytes;
  if (numberBytes > 7) return 'invalid';
  if (crcAt >= end) return 'short';
  const number = codedNumber(bytes, at + 4, numberBytes);
  const blockSize = blockSizeBytes === 0 ? commonBlockSize(blockSizeCode) : readUint(bytes, blockSizeAt, blockSizeBytes) + 1;
  const sampleRate = sampleRateBytes === 0 ? sampleRates[sampleRateCode]! : readUint(bytes, sampleRateAt, sampleRateBytes) * sampleRateUnits[sampleRateCode - 12]!;
  if (number === null || (sampleRate !== 0 && sampleRate !== stream.sampleRate)) return 'invalid';
  if (crc8(bytes, at, crcAt + 1) !== 0) return 'invalid';
  const sideChannel = channelCode === 9 ? 0 : channelCode >= 8 ? 1 : -1;
  return { bytes: crcAt + 1 - at, hasFixedBlockSize: (bytes[at + 1]! & 0x01) === 0, number, blockSize, sideChannel };
}

/** The number that the frame after one with this header has. */
export function numberAfter(header: FrameHeader): number {
  return header.number + (header.hasFixedBlockSize ? 1 : header.blockSize);
}

/** RFC 9639 §9.1.1, the codes that stand for a size. */
function commonBlockSize(code: number): number {
  if (code === 1) return 192;
  return code <= 5 ? 144 << code : 1 << code;
}

/** RFC 9639 §9.1.5: up to 36 bits, laid out as UTF-8 lays out characters. */
function codedNumberBytes(first: number): number {
  const ones = Math.clz32(~(first << 24));
  return ones === 0 ? 1 : ones;
}

function codedNumber(bytes: Uint8Array, at: number, length: number): number | null {
  const first = bytes[at]!;
  if (length === 1) return first < 0x80 ? first : null;
  let number = first & (0x7f >> length);
  for (let next = at + 1; next < at + length; next++) {
    if ((bytes[next]! & 0xc0) !== 0x80) return null;
    number = number * 64 + (bytes[next]! & 0x3f);
  }
  return number;
}

function readUint(bytes: Uint8Array, at: number, length: number): number {
  return length === 1 ? bytes[at]! : (bytes[at]! << 8) | bytes[at + 1]!;
}
