import type { Step } from '../resync.ts';

/** ISO/IEC 13818-7 §6.2 and 14496-3 §1.A.2.2: `adts_fixed_header` and `adts_variable_header`. */

/** Bytes of the header that begins every frame, its CRC not included. */
export const headerBytes: number = 7;

/** Indexed by `sampling_frequency_index`, in hertz; 13 and 14 are reserved, 15 is not allowed in ADTS. */
const rates: readonly number[] = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];

/** One raw_data_block is 1024 samples per channel at the rate of the header, with or without spectral band replication. */
const samplesPerBlock = 1024;

/** Bytes of the frame whose header is at `at`. */
export function frameAt(bytes: Uint8Array, at: number, end: number): Step {
  if (bytes[at] !== 0xff) return 'invalid'; // syncword
  if (at + headerBytes > end) return 'short';
  if ((bytes[at + 1]! & 0xf6) !== 0xf0) return 'invalid'; // the rest of it, layer
  const third = bytes[at + 2]!;
  if (((third >> 2) & 0x0f) >= rates.length) return 'invalid'; // sampling_frequency_index
  const frameLength = ((bytes[at + 3]! & 0x03) << 11) | (bytes[at + 4]! << 3) | (bytes[at + 5]! >> 5);
  const crcBytes = (bytes[at + 1]! & 0x01) === 0 ? 2 : 0; // protection_absent
  return frameLength > headerBytes + crcBytes ? frameLength : 'invalid';
}

/** ID, protection_absent, profile, sampling_frequency_index and channel_configuration: fixed within a stream. */
export function kindAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 1]! & 0x09) << 16) | ((bytes[at + 2]! & 0xfd) << 8) | (bytes[at + 3]! & 0xc0);
}

/** Samples per channel in the frame whose header is at `at`: it has one to four raw data blocks. */
export function samplesAt(bytes: Uint8Array, at: number): number {
  return samplesPerBlock * ((bytes[at + 6]! & 0x03) + 1); // number_of_raw_data_blocks_in_frame
}

/** Sample rate that the header at `at` gives, in hertz: half of what is heard where band replication doubles it. */
export function sampleRateAt(bytes: Uint8Array, at: number): number {
  return rates[(bytes[at + 2]! >> 2) & 0x0f]!;
}
