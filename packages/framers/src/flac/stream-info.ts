import type { Step } from '../resync.ts';

/** What a FLAC stream says of itself at its beginning (RFC 9639 §8.2). */
export interface StreamInfo {
  /** Samples per channel in the largest frame; of all but the last where the block size is fixed. */
  readonly blockSizeMax: number;
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitsPerSample: number;
}

/** `fLaC`, the header of the first metadata block, and that block: STREAMINFO, always of 34 bytes. */
export const streamHeaderBytes: number = 4 + 4 + 34;

/** Bytes of the stream header that begins at `at`. */
export function streamHeaderAt(bytes: Uint8Array, at: number, end: number): Step {
  if (at + 8 > end) return 'short';
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, end - at);
  if (view.getUint32(0) !== 0x664c6143) return 'invalid'; // fLaC
  if ((view.getUint32(4) & 0x7fffffff) !== 34) return 'invalid'; // type 0, length 34; the last-block flag may be set
  if (at + streamHeaderBytes > end) return 'short';
  const { blockSizeMax, sampleRate } = parseStreamInfo(bytes, at);
  return blockSizeMax >= 16 && sampleRate > 0 ? streamHeaderBytes : 'invalid';
}

/** The stream information in the stream header at `at`. */
export function parseStreamInfo(bytes: Uint8Array, at: number): StreamInfo {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, streamHeaderBytes);
  const packed = view.getUint32(18); // sample rate 20 bits, channels - 1: 3, bits per sample - 1: 5, total samples: the first 4 of 36
  return {
    blockSizeMax: view.getUint16(10),
    sampleRate: packed >>> 12,
    channels: ((packed >> 9) & 0x07) + 1,
    bitsPerSample: ((packed >> 4) & 0x1f) + 1,
  };
}
