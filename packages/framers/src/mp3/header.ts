import type { Step } from '../resync.ts';

/** ISO/IEC 11172-3 §2.4.1.3 (MPEG-1) and 13818-3 §2.4.2.3 (MPEG-2 low sampling frequencies); MPEG-2.5 halves them again. */

/** Bytes of the header that begins every frame. */
export const headerBytes: number = 4;

type Version = 'mpeg1' | 'mpeg2' | 'mpeg2.5';
type Layer = 1 | 2 | 3;

/** Indexed by the header's `ID` field, two bits wide since MPEG-2.5. */
const versions: readonly (Version | null)[] = ['mpeg2.5', null, 'mpeg2', 'mpeg1'];
/** Indexed by the header's `layer` field. */
const layers: readonly (Layer | null)[] = [null, 3, 2, 1];

/** Indexed by `sampling_frequency`, in hertz. */
const rates: Readonly<Record<Version, readonly number[]>> = {
  mpeg1: [44100, 48000, 32000],
  mpeg2: [22050, 24000, 16000],
  'mpeg2.5': [11025, 12000, 8000],
};

/** Indexed by `bitrate_index`, in kbit/s. Index 0 is free format: its frames do not tell their length, and weir refuses them. */
const bitrates: Readonly<Record<'mpeg1' | 'low', Readonly<Record<Layer, readonly number[]>>>> = {
  mpeg1: {
    1: [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
    2: [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    3: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  },
  low: {
    1: [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
    2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    3: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  },
};

function samplesIn(version: Version, layer: Layer): number {
  if (layer === 1) return 384;
  return layer === 3 && version !== 'mpeg1' ? 576 : 1152;
}

/** §2.4.3.1: a slot is four bytes in layer I, one byte in II and III; `padding_bit` adds one. */
function frameBytes(version: Version, layer: Layer, bitrateIndex: number, rate: number, padding: number): number {
  const bitrate = (bitrates[version === 'mpeg1' ? 'mpeg1' : 'low'][layer][bitrateIndex] ?? 0) * 1000;
  if (bitrate === 0) return 0;
  const slotBytes = layer === 1 ? 4 : 1;
  const slots = Math.floor((samplesIn(version, layer) * bitrate) / (8 * slotBytes * rate));
  return (slots + padding) * slotBytes;
}

/** The bits that decide size and duration: ID 2, layer 2, bitrate_index 4, sampling_frequency 2, padding_bit 1. */
const size: Uint16Array = new Uint16Array(2 ** 11);
/** The bits that decide the duration: ID 2, layer 2, sampling_frequency 2. */
const samples: Uint16Array = new Uint16Array(2 ** 6);
const rateOf: Uint16Array = new Uint16Array(2 ** 6);
for (const [id, version] of versions.entries()) {
  for (const [layerCode, layer] of layers.entries()) {
    if (version === null || layer === null) continue;
    for (const [rateCode, rate] of rates[version].entries()) {
      const kind = (id << 4) | (layerCode << 2) | rateCode;
      samples[kind] = samplesIn(version, layer);
      rateOf[kind] = rate;
      for (let bitrateIndex = 0; bitrateIndex < 15; bitrateIndex++) {
        for (const padding of [0, 1]) {
          size[(id << 9) | (layerCode << 7) | (bitrateIndex << 3) | (rateCode << 1) | padding] = frameBytes(version, layer, bitrateIndex, rate, padding);
        }
      }
    }
  }
}

/** Bytes of the frame whose header is at `at`; free format and reserved values are `invalid`. */
export function frameAt(bytes: Uint8Array, at: number, end: number): Step {
  if (bytes[at] !== 0xff) return 'invalid';
  if (at + headerBytes > end) return 'short';
  const second = bytes[at + 1]!;
  if ((second & 0xe0) !== 0xe0) return 'invalid';
  if ((bytes[at + 3]! & 0x03) === 2) return 'invalid';
  return size[((second & 0x1e) << 6) | (bytes[at + 2]! >> 1)]! || 'invalid';
}

/** ID, layer and sampling_frequency: what the frames of one stream have in common, and what their duration hangs on. */
export function kindAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 1]! & 0x1e) << 1) | ((bytes[at + 2]! & 0x0c) >> 2);
}

/** Samples per channel in a frame of this kind. */
export function samplesOf(kind: number): number {
  return samples[kind]!;
}

/** Sample rate of a frame of this kind, in hertz. */
export function sampleRateOf(kind: number): number {
  return rateOf[kind]!;
}
