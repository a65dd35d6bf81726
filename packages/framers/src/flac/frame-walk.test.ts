import assert from 'node:assert/strict';
import test from 'node:test';
import { FrameWalk } from './frame-walk.ts';
import type { StreamInfo } from './stream-info.ts';

const mono: StreamInfo = { blockSizeMax: 32, sampleRate: 8000, channels: 1, bitsPerSample: 16 };
const stereo: StreamInfo = { ...mono, channels: 2, bitsPerSample: 24 };

/** Frames as FFmpeg 5.1 and libFLAC 1.4.2 wrote them. */
const frames: readonly [what: string, stream: StreamInfo, hex: string][] = [
  ['a constant, of FFmpeg', { ...mono, blockSizeMax: 4096, sampleRate: 48000 }, 'fff85a08059a0000007615'],
  ['a fixed predictor, of libFLAC', mono, 'fff86408001fbe1822af4145582364950a53b2d4598a221e642a2ddd714b19d339f063df54964bc86b8ae1ca83b4658812853ad7b3654c027c'],
  [
    'a linear predictor, of FFmpeg',
    mono,
    'fff86408001fbe4e00000b50f0010b500000f4b00ffff4b0e65dc1aa6d95439617bd7f5f1f59bef48108cb4099c611c675368aa32d0267184719d4da2a8cb4099c611c675368a8e64d',
  ],
  [
    'noise as it is, of FFmpeg',
    { ...mono, bitsPerSample: 24 },
    'fff8640c001f1502ea21532caa8f06b74b6cb4e4f51f4f5e274ff552e4cb8c9a1dd4ade1dd24b6ac9cf68847085a5c991fe470214b43cbbe0cfd2346236549bc2dae49f3bb48fe902bc822fcac16fb6915f3a7c400a221f57cf3f59f253b099fa4026fa173f47a76fce2',
  ],
  [
    'sound and a difference, of FFmpeg',
    stereo,
    'fff8648c001f1e4e0000000fd5771eaee82b9ff835daa93cbc293fd6f53ef9a0e62ced94b0a37b17f948ae5c81bdbefd210b3ae4ee57b59eb636bcec251034be5098da72ec064dcd5d5235579f82cf20e3c0d92385cd283113b02c28c62410c42f15f6e2216cd090270000003ffc4dfffe6810003ca8008020002817fff141ffef9f730d41d27b4bf16f04a716fdb0d41f42d04dc8d13e8e6da1e7690193504ae569c8cc692f602d17c7ef1a263c9558ccaab2800150',
  ],
];
for (const [what, stream, hex] of frames) {
  test(`flac frame: ${what}, ends with its last byte, seen at once or byte by byte`, () => {
    const frame = Buffer.from(hex, 'hex');
    const bytes = Buffer.concat([Buffer.from('xx'), frame, Buffer.from('what follows')]);
    assert.equal(new FrameWalk(stream).unit(bytes, 2, bytes.length, 0), frame.length);
    const walk = new FrameWalk(stream);
    for (let end = 1; end < frame.length; end++) assert.equal(walk.unit(frame, 0, end, end - 1), 'short', `${end} bytes`);
    assert.equal(walk.unit(frame, 0, frame.length, frame.length - 1), frame.length);
  });

  test(`flac frame: ${what}, is no frame with a bit changed`, () => {
    const frame = Buffer.from(hex, 'hex');
    const walk = new FrameWalk(stream);
    for (let bit = 0; bit < frame.length * 8; bit++) {
      const damaged = Buffer.concat([frame, Buffer.alloc(2000, 0xaa)]);
      damaged[bit >> 3] = damaged[bit >> 3]! ^ (0x80 >> (bit & 7));
      assert.equal(typeof walk.unit(damaged, 0, damaged.length, 0), 'string', `bit ${bit}`);
    }
  });
}

/** Bits as text, behind the header of a frame of 16 samples of 8 bits, with the CRCs filled in. */
function coded(bits: string): Buffer {
  const digits = bits.replaceAll(' ', '');
  const body = (digits.padEnd(Math.ceil(digits.length / 8) * 8, '0').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
  const header = [0xff, 0xf8, 0x64, 0x02, 0, 15];
  const start = [...header, slowCrc(header, 8, 0x07)];
  const crc = slowCrc([...start, ...body], 16, 0x8005);
  return Buffer.from([...start, ...body, crc >> 8, crc & 0xff]);
}

function slowCrc(bytes: readonly number[], width: number, polynomial: number): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << (width - 8);
    for (let bit = 0; bit < 8; bit++) crc = (crc & (1 << (width - 1)) ? (crc << 1) ^ polynomial : crc << 1) & ((1 << width) - 1);
  }
  return crc;
}

const small: StreamInfo = { blockSizeMax: 16, sampleRate: 8000, channels: 1, bitsPerSample: 8 };
const codings: readonly [what: string, bits: string, isValid: boolean][] = [
  ['three wasted bits', '0 000000 1 001 10101', true],
  ['as many wasted bits as there are', '0 000000 1 00000001', false],
  ['Rice codes with long runs of zeros', `0 001000 0 00 0000 0000 ${'0'.repeat(40)}1${'1'.repeat(15)}`, true],
  ['an escaped partition of no bits', '0 001000 0 00 0000 1111 00000', true],
  ['an escaped partition of five bits', `0 001000 0 00 0000 1111 00101 ${'10101'.repeat(16)}`, true],
  ['parameters of five bits', `0 001000 0 01 0000 10000 ${`1${'0'.repeat(16)}`.repeat(16)}`, true],
  ['two partitions, the first shorter by the warm-up', `0 001001 0 10101010 00 0001 0001 ${'10'.repeat(7)} 0010 ${'100'.repeat(8)}`, true],
  ['a reserved type', `0 000010 0 ${'0'.repeat(80)}`, false],
  ['a one where a zero must be', `1 000000 0 ${'0'.repeat(80)}`, false],
  ['a reserved coding method', `0 001000 0 10 0000 ${'1'.repeat(80)}`, false],
  ['more partitions than samples', `0 001000 0 00 0101 ${'1'.repeat(80)}`, false],
  ['a predictor longer than its partition', `0 001100 0 ${'0'.repeat(32)} 00 0011 ${'1'.repeat(80)}`, false],
];
for (const [what, bits, isValid] of codings) {
  test(`flac frame: ${what} ${isValid ? 'has an end' : 'is invalid'}`, () => {
    const frame = coded(bits);
    assert.equal(new FrameWalk(small).unit(frame, 0, frame.length, 0), isValid ? frame.length : 'invalid');
  });
}

test('flac frame: one that grows beyond what its samples can take is given up', () => {
  const frame = coded(`0 001000 0 00 0000 0000 ${'0'.repeat(8000)}`);
  assert.equal(new FrameWalk(small).unit(frame, 0, 200, 0), 'short');
  assert.equal(new FrameWalk(small).unit(frame, 0, frame.length, 0), 'invalid');
});
