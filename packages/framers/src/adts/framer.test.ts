import assert from 'node:assert/strict';
import test from 'node:test';
import { cut } from '../cut.testing.ts';
import { AdtsFramer } from './framer.ts';
import { frameAt, sampleRateAt, samplesAt } from './header.ts';

/** Fields of a header that a test sets; the others are those of AAC LC, stereo, 48 kHz. */
interface Fields {
  readonly size?: number;
  readonly rateIndex?: number;
  readonly blocks?: number;
  readonly second?: number;
}

function frame({ size = 20, rateIndex = 3, blocks = 1, second = 0xf1 }: Fields = {}): Buffer {
  const bytes = Buffer.alloc(Math.max(7, size), 0x55);
  bytes.set([0xff, second, 0x40 | (rateIndex << 2), 0x80 | (size >> 11), (size >> 3) & 0xff, ((size & 7) << 5) | 0x1f, 0xfc | (blocks - 1)]);
  return bytes;
}

const headers: readonly [what: string, fields: Fields, step: number | 'invalid', samples: number, rate: number][] = [
  ['AAC LC at 48 kHz', {}, 20, 1024, 48000],
  ['MPEG-2 AAC', { second: 0xf9 }, 20, 1024, 48000],
  ['four raw data blocks', { blocks: 4 }, 20, 4096, 48000],
  ['7350 Hz', { rateIndex: 12 }, 20, 1024, 7350],
  ['the longest frame', { size: 8191 }, 8191, 1024, 48000],
  ['a CRC', { second: 0xf0 }, 20, 1024, 48000],
  ['a reserved rate', { rateIndex: 13 }, 'invalid', 1024, 0],
  ['a layer, as in MP3', { second: 0xfb }, 'invalid', 1024, 48000],
  ['eleven sync bits', { second: 0xe1 }, 'invalid', 1024, 48000],
  ['a frame of a header alone', { size: 7 }, 'invalid', 1024, 48000],
  ['a frame of a header and a CRC alone', { size: 9, second: 0xf0 }, 'invalid', 1024, 48000],
];
for (const [what, fields, step, samples, rate] of headers) {
  test(`adts header: ${what} is ${step === 'invalid' ? step : `a frame of ${step} bytes`}`, () => {
    const bytes = frame(fields);
    assert.equal(frameAt(bytes, 0, bytes.length), step);
    if (step !== 'invalid') assert.deepEqual([samplesAt(bytes, 0), sampleRateAt(bytes, 0)], [samples, rate]);
  });
}

const id3 = Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\x3f', 'latin1'), Buffer.alloc(63, 1)]);
const low = (): Buffer => frame({ rateIndex: 6 });
const times = ['@0', '@0.021333', '@0.042667'];
const cases: readonly [name: string, parts: readonly Buffer[], words: readonly string[], skippedBytes: number, left: number][] = [
  ['counts the time by samples', [frame(), frame({ size: 30 }), frame()], ['init', 'ra:20@0', 'ra:30@0.021333', 'ra:20@0.042667'], 0, 0],
  ['counts every block of a frame', [frame({ blocks: 3 }), frame(), frame()], ['init', 'ra:20@0', 'ra:20@0.064', 'ra:20@0.085333'], 0, 0],
  ['skips ID3 as HLS puts it in front and between', [id3, frame(), id3, frame(), frame()], ['init', ...times.map((time) => `ra:20${time}`)], 146, 0],
  ['skips garbage with false headers', [frame({ size: 500 }).subarray(0, 8), frame(), frame(), frame()], ['init', ...times.map((time) => `ra:20${time}`)], 8, 0],
  ['goes on at another rate', [frame(), frame(), frame(), low(), low(), low()], ['init', 'ra:20@0', 'ra:20@0.021333', 'ra:20@0.042667', 'ra:20@0.064', 'ra:20@0.106667', 'ra:20@0.149333'], 0, 0],
  ['reports a frame cut short', [frame(), frame(), frame(), frame().subarray(0, 6)], ['init', ...times.map((time) => `ra:20${time}`)], 0, 6],
];
for (const [name, parts, words, skippedBytes, left] of cases) {
  test(`adts: ${name}`, () => {
    const run = cut(() => new AdtsFramer(), Buffer.concat(parts));
    assert.deepEqual([run.words, run.skippedBytes, run.left], [words, skippedBytes, left]);
  });
}

test('adts: the init is empty and names the type', () => {
  const [init] = cut(() => new AdtsFramer(), Buffer.concat([frame(), frame(), frame()])).frames;
  assert.deepEqual(init, { kind: 'init', format: 'adts', contentType: 'audio/aac', payload: new Uint8Array(0) });
});
