/** RFC 6381 and the codecs' own bindings: what a MIME type's `codecs` parameter calls a decoder configuration. */
import { codecsMax } from '../limits.ts';

/** `avc1.64001f`: ISO/IEC 14496-15 §5.3.3, AVCDecoderConfigurationRecord; null when it is cut short. */
export function avcCodec(sampleEntry: string, record: Uint8Array): string | null {
  if (record.length < 4) return null;
  return `${sampleEntry}.${hex(record[1]!)}${hex(record[2]!)}${hex(record[3]!)}`; // profile, compatibility, level
}

/** `hvc1.1.6.L93.B0`: ISO/IEC 14496-15 Annex E.3, HEVCDecoderConfigurationRecord; null when it is cut short. */
export function hevcCodec(sampleEntry: string, record: Uint8Array): string | null {
  if (record.length < 13) return null;
  const profileByte = record[1]!;
  const profileSpace = ['', 'A', 'B', 'C'][profileByte >> 6]!;
  const tier = (profileByte & 0x20) === 0 ? 'L' : 'H';
  let compatibility = 0; // general_profile_compatibility_flags, first flag in the lowest bit
  for (let bit = 0; bit < 32; bit++) {
    if ((record[2 + (bit >> 3)]! & (0x80 >> (bit & 7))) !== 0) compatibility += 2 ** bit;
  }
  const constraints = [...record.subarray(6, 12)];
  while (constraints.at(-1) === 0) constraints.pop();
  const parts = [sampleEntry, `${profileSpace}${profileByte & 0x1f}`, compatibility.toString(16), `${tier}${record[12]}`];
  return [...parts, ...constraints.map((byte) => byte.toString(16).toUpperCase())].join('.');
}

/** `av01.0.04M.08`: AV1 in ISOBMFF §5, AV1CodecConfigurationRecord; null when it is cut short. */
export function av1Codec(record: Uint8Array): string | null {
  if (record.length < 4) return null;
  const profile = record[1]! >> 5;
  const level = record[1]! & 0x1f;
  const tier = (record[2]! & 0x80) === 0 ? 'M' : 'H';
  const highBitDepth = (record[2]! & 0x40) !== 0;
  const twelveBit = (record[2]! & 0x20) !== 0;
  const bits = !highBitDepth ? 8 : profile === 2 && twelveBit ? 12 : 10;
  return `av01.${profile}.${decimal(level)}${tier}.${decimal(bits)}`;
}

/** `vp09.00.10.08`: VP9 in ISOBMFF, VPCodecConfigurationRecord without its version and flags; null when it is cut short. */
export function vp9Codec(record: Uint8Array): string | null {
  if (record.length < 3) return null;
  return `vp09.${decimal(record[0]!)}.${decimal(record[1]!)}.${decimal(record[2]! >> 4)}`; // profile, level, bitDepth
}

/** `mp4a.40.2`: ISO/IEC 14496-3 §1.6.2.1, AudioSpecificConfig; null when it is cut short. */
export function aacCodec(config: Uint8Array): string | null {
  const [first, second] = config;
  if (first === undefined) return null;
  const objectType = first >> 3;
  if (objectType !== 31) return `mp4a.40.${objectType}`;
  return second === undefined ? null : `mp4a.40.${32 + ((first & 7) << 3) + (second >> 5)}`; // audioObjectTypeExt
}

/** `video/mp4; codecs="avc1.64001f, mp4a.40.2"`; without the parameter when one of the codecs is not known, or they are many. */
export function typeWithCodecs(type: string, codecs: readonly (string | null)[]): string {
  if (codecs.length === 0 || codecs.length > codecsMax || codecs.includes(null)) return type;
  return `${type}; codecs="${[...new Set(codecs)].join(', ')}"`;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function decimal(value: number): string {
  return String(value).padStart(2, '0');
}
