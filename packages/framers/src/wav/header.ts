import { headerUnitsMax, initBytesMax } from '../limits.ts';

/**
 * RIFF WAVE (Microsoft and IBM, Multimedia Programming Interface 1.0, chapter 3) and its 64-bit forms RF64 (EBU Tech
 * 3306) and BW64 (ITU-R BS.2088): chunks of a name, a size and so many bytes, padded to an even number; little-endian.
 *
 * ```
 *  'RIFF' size 'WAVE'   [ 'ds64' size ... ]   'fmt ' size format   [ 'LIST' size ... ]   'data' size samples
 * ```
 */
export interface WavHeader {
  /** Bytes up to where the samples begin. */
  readonly bytes: number;
  /** The whole `fmt ` chunk; shares memory with the header. */
  readonly formatChunk: Uint8Array;
  /** nBlockAlign: a sample of all channels, or a block of compressed ones. */
  readonly blockBytes: number;
  /** 0 where nobody knows. */
  readonly bytesPerSecond: number;
  /** Infinity where the encoder could not know, as in a pipe. */
  readonly dataBytes: number;
  /** Bytes behind the samples that belong to the file by its own account: other chunks. */
  readonly trailerBytes: number;
}

/** The header that begins at `at`, when all of it is there. One larger than an init may be is `invalid`. */
export function parseHeader(bytes: Uint8Array, at: number, end: number): WavHeader | 'short' | 'invalid' {
  if (bytes[at] !== 0x52 && bytes[at] !== 0x42) return 'invalid'; // R, B
  if (at + 12 > end) return 'short';
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, end - at);
  if (!isRiff(view, 0) || nameAt(view, 8) !== 'WAVE') return 'invalid';
  let sizes64: DataView | null = null;
  let formatChunk: Uint8Array | null = null;
  for (let chunk = 12, chunks = 0; chunk <= initBytesMax && chunks < headerUnitsMax; chunks++) {
    if (chunk + 8 > view.byteLength) return 'short';
    const name = nameAt(view, chunk);
    const next = chunk + 8 + padded(view.getUint32(chunk + 4, true));
    if (name === 'data') return formatChunk === null ? 'invalid' : describe(formatChunk, view, chunk, sizes64);
    if ((name === 'fmt ' || name === 'ds64') && next <= initBytesMax) {
      if (next > view.byteLength) return 'short';
      if (next < chunk + 8 + 16) return 'invalid';
      if (name === 'fmt ') formatChunk = bytes.subarray(at + chunk, at + next);
      else sizes64 = new DataView(view.buffer, view.byteOffset + chunk + 8, 16);
    }
    chunk = next;
  }
  return 'invalid';
}

function describe(formatChunk: Uint8Array, view: DataView, dataChunk: number, sizes64: DataView | null): WavHeader | 'invalid' {
  const format = new DataView(formatChunk.buffer, formatChunk.byteOffset + 8, formatChunk.length - 8);
  const blockBytes = format.getUint16(12, true);
  if (blockBytes === 0) return 'invalid';
  const bytes = dataChunk + 8;
  const riffBytes = knownSize(view.getUint32(4, true), sizes64, 0);
  const dataBytes = knownSize(view.getUint32(dataChunk + 4, true), sizes64, 8);
  const isSized = Number.isFinite(riffBytes) && Number.isFinite(dataBytes);
  const trailerBytes = isSized ? Math.max(0, 8 + riffBytes - bytes - padded(dataBytes)) : 0;
  return { bytes, formatChunk, blockBytes, bytesPerSecond: bytesPerSecondOf(format, blockBytes), dataBytes, trailerBytes };
}

/** From the sample rate where it tells: FFmpeg's nAvgBytesPerSec for ADPCM is a third of what it should be. */
function bytesPerSecondOf(format: DataView, blockBytes: number): number {
  const sampleRate = format.getUint32(4, true);
  switch (format.getUint16(0, true)) {
    case 0x0001: // PCM
    case 0x0003: // IEEE float
    case 0x0006: // A-law
    case 0x0007: // mu-law
    case 0xfffe: // extensible
      return sampleRate * blockBytes;
    case 0x0002: // Microsoft ADPCM
    case 0x0011: // IMA ADPCM
      if (format.byteLength >= 20) return (sampleRate * blockBytes) / Math.max(1, format.getUint16(18, true)); // wSamplesPerBlock
      return format.getUint32(8, true);
    default:
      return format.getUint32(8, true); // nAvgBytesPerSec
  }
}

/** Encoders that cannot go back leave 0 or 0xffffffff, which also refers to the sizes of 64 bits; 0 there is unknown, too. */
function knownSize(size: number, sizes64: DataView | null, at: number): number {
  if (size !== 0 && size !== 0xffffffff) return size;
  const size64 = sizes64 === null ? 0 : sizes64.getUint32(at, true) + sizes64.getUint32(at + 4, true) * 2 ** 32;
  return size64 === 0 || size64 > Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : size64;
}

/** The header for listeners who join: the format, and samples without an end. */
export function joinHeader(formatChunk: Uint8Array): Uint8Array {
  const unknown = [0xff, 0xff, 0xff, 0xff];
  return Buffer.concat([Buffer.from('RIFF'), Buffer.from(unknown), Buffer.from('WAVE'), formatChunk, Buffer.from('data'), Buffer.from(unknown)]);
}

/**
 * Whether the bytes at `at`, right behind the samples by the header's account, bear it out: another file begins, or a
 * chunk that the file has room for. Recorders that write to a pipe put a size of 2 GiB or so there and go on beyond it.
 */
export function endsData(bytes: Uint8Array, at: number, trailerBytes: number): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8);
  return isRiff(view, 0) || (/^[ -~]{4}$/.test(nameAt(view, 0)) && 8 + view.getUint32(4, true) <= trailerBytes);
}

function isRiff(view: DataView, at: number): boolean {
  const name = nameAt(view, at);
  return name === 'RIFF' || name === 'RF64' || name === 'BW64';
}

function nameAt(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}

function padded(bytes: number): number {
  return bytes + (bytes % 2);
}
