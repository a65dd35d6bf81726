import assert from 'node:assert/strict';
import test from 'node:test';
import { frameAt, kindAt, sampleRateOf, samplesOf } from './header.ts';

/** Headers and what encoders make of them: lame, twolame and FFmpeg; layer I by ISO/IEC 11172-3 §2.4.3.1. */
const frames: readonly [what: string, header: string, size: number, samples: number, rate: number][] = [
  ['MPEG-1 layer III, 128 kbit/s, 44.1 kHz', 'fffb9000', 417, 1152, 44100],
  ['the same with padding', 'fffb9200', 418, 1152, 44100],
  ['the same with a CRC', 'fffa9000', 417, 1152, 44100],
  ['MPEG-1 layer III, 320 kbit/s, 32 kHz', 'fffbe800', 1440, 1152, 32000],
  ['MPEG-1 layer III, 32 kbit/s, 48 kHz, mono', 'fffb14c0', 96, 1152, 48000],
  ['MPEG-1 layer II, 192 kbit/s, 44.1 kHz', 'fffda000', 626, 1152, 44100],
  ['MPEG-1 layer II, 384 kbit/s, 32 kHz', 'fffde800', 1728, 1152, 32000],
  ['MPEG-1 layer I, 448 kbit/s, 32 kHz', 'ffffe800', 672, 384, 32000],
  ['MPEG-1 layer I, 32 kbit/s, 44.1 kHz', 'ffff1000', 32, 384, 44100],
  ['the same with padding: a slot of four bytes', 'ffff1200', 36, 384, 44100],
  ['MPEG-2 layer III, 64 kbit/s, 22.05 kHz', 'fff38000', 208, 576, 22050],
  ['MPEG-2 layer III, 160 kbit/s, 16 kHz', 'fff3e800', 720, 576, 16000],
  ['MPEG-2 layer II, 64 kbit/s, 24 kHz', 'fff58400', 384, 1152, 24000],
  ['MPEG-2 layer I, 256 kbit/s, 16 kHz', 'fff7e800', 768, 384, 16000],
  ['MPEG-2.5 layer III, 64 kbit/s, 8 kHz', 'ffe38800', 576, 576, 8000],
  ['MPEG-2.5 layer III, 8 kbit/s, 11.025 kHz, with padding', 'ffe31200', 53, 576, 11025],
  ['MPEG-2.5 layer II, 160 kbit/s, 8 kHz', 'ffe5e800', 2880, 1152, 8000],
];
for (const [what, header, size, samples, rate] of frames) {
  test(`mp3 header: ${what} is a frame of ${size} bytes`, () => {
    const bytes = Buffer.from(`00${header}00`, 'hex');
    const kind = kindAt(bytes, 1);
    assert.deepEqual([frameAt(bytes, 1, 6), samplesOf(kind), sampleRateOf(kind)], [size, samples, rate]);
  });
}

const refused: readonly [what: string, header: string][] = [
  ['a free format', 'fffb0000'],
  ['bitrate index 15', 'fffbf000'],
  ['a reserved sample rate', 'fffb9c00'],
  ['a reserved version', 'ffeb9000'],
  ['a reserved layer, as in ADTS', 'fff99000'],
  ['a reserved emphasis', 'fffb9002'],
  ['ten sync bits', 'ffdb9000'],
  ['no sync', 'fefb9000'],
];
for (const [what, header] of refused) {
  test(`mp3 header: ${what} is invalid`, () => assert.equal(frameAt(Buffer.from(header, 'hex'), 0, 4), 'invalid'));
}

test('mp3 header: three bytes are too short to tell', () => assert.equal(frameAt(Buffer.from('fffb9000', 'hex'), 0, 3), 'short'));
