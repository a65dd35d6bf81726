import assert from 'node:assert/strict';
import test from 'node:test';
import { numberAfter, parseFrameHeader } from './frame-header.ts';
import type { FrameHeader } from './frame-header.ts';
import type { StreamInfo } from './stream-info.ts';

const stream: StreamInfo = { blockSizeMax: 4096, sampleRate: 44100, channels: 2, bitsPerSample: 16 };

/** RFC 9639 §9.1.8, bit by bit, behind the header. */
function withCrc(header: readonly number[]): Uint8Array {
  let crc = 0;
  for (const byte of header) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
  }
  return Uint8Array.from([...header, crc]);
}

const fixed = { hasFixedBlockSize: true, number: 0, blockSize: 4096, sideChannel: -1 };
const cases: readonly [what: string, header: readonly number[], fields: Partial<FrameHeader> | 'invalid', of?: Partial<StreamInfo>][] = [
  ['4096 samples of 44.1 kHz, stereo, 16 bits', [0xff, 0xf8, 0xc9, 0x18, 0], fixed],
  ['rate and depth left to the stream', [0xff, 0xf8, 0xc0, 0x10, 0], fixed],
  ['samples counted, not frames', [0xff, 0xf9, 0xc9, 0x18, 5], { hasFixedBlockSize: false, number: 5 }],
  ['the difference as second channel', [0xff, 0xf8, 0xc9, 0x88, 0], { sideChannel: 1 }],
  ['the difference as first channel', [0xff, 0xf8, 0xc9, 0x98, 0], { sideChannel: 0 }],
  ['middle and difference', [0xff, 0xf8, 0xc9, 0xa8, 0], { sideChannel: 1 }],
  ['192 samples', [0xff, 0xf8, 0x19, 0x18, 0], { blockSize: 192 }],
  ['4608 samples', [0xff, 0xf8, 0x59, 0x18, 0], { blockSize: 4608 }],
  ['a block size in a byte', [0xff, 0xf8, 0x69, 0x18, 0, 0xff], { blockSize: 256 }],
  ['a block size in two bytes', [0xff, 0xf8, 0x79, 0x18, 0, 0x01, 0x02], { blockSize: 259 }],
  ['a rate in a byte, in kilohertz', [0xff, 0xf8, 0xcc, 0x18, 0, 44], {}, { sampleRate: 44000 }],
  ['a rate in two bytes, in hertz', [0xff, 0xf8, 0xcd, 0x18, 0, 0x93, 0xa8], {}, { sampleRate: 37800 }],
  ['a rate in two bytes, in tens of hertz', [0xff, 0xf8, 0xce, 0x18, 0, 0x11, 0x3a], {}],
  ['a number of two bytes', [0xff, 0xf8, 0xc9, 0x18, 0xdf, 0xbf], { number: 2047 }],
  ['a number of 36 bits', [0xff, 0xf9, 0xc9, 0x18, 0xfe, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf], { number: 2 ** 36 - 1, hasFixedBlockSize: false }],
  ['another rate than the stream', [0xff, 0xf8, 0xca, 0x18, 0], 'invalid'],
  ['other channels than the stream', [0xff, 0xf8, 0xc9, 0x08, 0], 'invalid'],
  ['another depth than the stream', [0xff, 0xf8, 0xc9, 0x1c, 0], 'invalid'],
  ['a reserved block size', [0xff, 0xf8, 0x09, 0x18, 0], 'invalid'],
  ['a forbidden rate', [0xff, 0xf8, 0xcf, 0x18, 0], 'invalid'],
  ['reserved channels', [0xff, 0xf8, 0xc9, 0xb8, 0], 'invalid'],
  ['a reserved depth', [0xff, 0xf8, 0xc9, 0x16, 0], 'invalid'],
  ['a reserved bit', [0xff, 0xf8, 0xc9, 0x19, 0], 'invalid'],
  ['another sync code', [0xff, 0xfa, 0xc9, 0x18, 0], 'invalid'],
  ['a number that begins with a later byte', [0xff, 0xf8, 0xc9, 0x18, 0x80], 'invalid'],
  ['a number that goes on with a first byte', [0xff, 0xf8, 0xc9, 0x18, 0xc2, 0x02], 'invalid'],
  ['a number of eight bytes', [0xff, 0xf8, 0xc9, 0x18, 0xff, 0x80], 'invalid'],
];
for (const [what, header, fields, of] of cases) {
  test(`flac frame header: ${what}${fields === 'invalid' ? ' is invalid' : ''}`, () => {
    const bytes = withCrc(header);
    const parsed = parseFrameHeader(bytes, 0, bytes.length, { ...stream, ...of });
    assert.deepEqual(parsed, fields === 'invalid' ? fields : { ...fixed, bytes: bytes.length, ...fields });
  });
}

test('flac frame header: a wrong CRC is invalid, and every header cut short is short', () => {
  const bytes = withCrc([0xff, 0xf9, 0x7e, 0x18, 0xfe, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf, 1, 2, 0x11, 0x3a]);
  assert.equal(bytes.length, 16);
  for (let end = 1; end < bytes.length; end++) assert.equal(parseFrameHeader(bytes, 0, end, stream), 'short', `${end} bytes`);
  bytes[15] = bytes[15]! ^ 1;
  assert.equal(parseFrameHeader(bytes, 0, bytes.length, stream), 'invalid');
});

test('flac frame header: numbers count frames, or samples', () => {
  const header = { ...fixed, bytes: 6, number: 7, blockSize: 100 };
  assert.deepEqual([numberAfter(header), numberAfter({ ...header, hasFixedBlockSize: false })], [8, 107]);
});
