import assert from 'node:assert/strict';
import test from 'node:test';
import { codecsMax } from '../limits.ts';
import { aacCodec, av1Codec, avcCodec, hevcCodec, typeWithCodecs, vp9Codec } from './codec-string.ts';

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);
const hevc = (profile: number, compatibility: readonly number[], constraints: readonly number[], level: number): Uint8Array =>
  bytes(1, profile, ...compatibility, ...constraints, level);

const cases: readonly (readonly [found: string | null, expected: string | null])[] = [
  [avcCodec('avc1', bytes(1, 0x64, 0x00, 0x1f)), 'avc1.64001f'],
  [avcCodec('avc3', bytes(1, 0x42, 0xc0, 0x0a)), 'avc3.42c00a'],
  [avcCodec('avc1', bytes(1, 0x42, 0xc0)), null],
  [hevcCodec('hvc1', hevc(0x01, [0x60, 0, 0, 0], [0xb0, 0, 0, 0, 0, 0], 93)), 'hvc1.1.6.L93.B0'],
  [hevcCodec('hev1', hevc(0xa2, [0x20, 0, 0, 1], [0x90, 0, 0x0a, 0, 0, 0], 153)), 'hev1.B2.80000004.H153.90.0.A'],
  [hevcCodec('hvc1', hevc(0x01, [0x60, 0, 0, 0], [0, 0, 0, 0, 0, 0], 30)), 'hvc1.1.6.L30'],
  [hevcCodec('hvc1', bytes(1, 1, 1)), null],
  [av1Codec(bytes(0x81, 0x04, 0x0c, 0)), 'av01.0.04M.08'],
  [av1Codec(bytes(0x81, 0x2d, 0xc0, 0)), 'av01.1.13H.10'],
  [av1Codec(bytes(0x81, 0x48, 0x60, 0)), 'av01.2.08M.12'],
  [av1Codec(bytes(0x81)), null],
  [vp9Codec(bytes(0, 20, 0x82)), 'vp09.00.20.08'],
  [vp9Codec(bytes(2, 41)), null],
  [aacCodec(bytes(0x12, 0x10)), 'mp4a.40.2'],
  [aacCodec(bytes(0x2b)), 'mp4a.40.5'],
  [aacCodec(bytes(0xf9, 0x46)), 'mp4a.40.42'],
  [aacCodec(bytes(0xf9)), null],
  [aacCodec(bytes()), null],
  [typeWithCodecs('video/mp4', ['avc1.64001f', 'mp4a.40.2']), 'video/mp4; codecs="avc1.64001f, mp4a.40.2"'],
  [typeWithCodecs('audio/webm', ['opus', 'opus']), 'audio/webm; codecs="opus"'],
  [typeWithCodecs('video/mp4', ['avc1.64001f', null]), 'video/mp4'],
  [typeWithCodecs('video/mp4', []), 'video/mp4'],
  [typeWithCodecs('video/mp4', Array.from({ length: codecsMax + 1 }, (_, index) => `c${index}`)), 'video/mp4'],
];
for (const [index, [found, expected]] of cases.entries()) {
  test(`codec string: case ${index} is ${expected ?? 'not known'}`, () => assert.equal(found, expected));
}
