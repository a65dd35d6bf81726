import assert from 'node:assert/strict';
import test from 'node:test';
import type { Frame } from '@weir/media';
import { headerUnitsMax, initBytesMax } from '../limits.ts';
import { WavFramer } from './framer.ts';

const unknown = 0xffffffff;

function chunk(name: string, size: number, body: Uint8Array = Buffer.alloc(size, 0x6c)): Buffer {
  const header = Buffer.alloc(8);
  header.write(name, 'latin1');
  header.writeUInt32LE(size, 4);
  return Buffer.concat([header, body]);
}

/** PCM of 8 kHz, stereo, 16 bits unless told otherwise: 4 bytes a block, 32000 bytes a second. */
function format({ tag = 1, blockBytes = 4, bytesPerSecond = 32000, more = [] as readonly number[] } = {}): Buffer {
  const body = Buffer.alloc(16);
  body.writeUInt16LE(tag, 0);
  body.writeUInt16LE(2, 2);
  body.writeUInt32LE(8000, 4);
  body.writeUInt32LE(bytesPerSecond, 8);
  body.writeUInt16LE(blockBytes, 12);
  body.writeUInt16LE(16, 14);
  return chunk('fmt ', 16 + more.length, Buffer.concat([body, Buffer.from(more)]));
}

const riff = (size: number, ...chunks: readonly Buffer[]): Buffer => Buffer.concat([chunk('RIFF', size, Buffer.from('WAVE')), ...chunks]);
const data = (size: number): Buffer => chunk('data', size, Buffer.alloc(0));
const samples = (bytes: number): Buffer => Buffer.from(Array.from({ length: bytes }, (_, index) => index & 0x7f));
const endless = riff(unknown, format(), data(unknown));
/** The same as it is given to listeners who join. */
const joinHeader = endless;

interface Run {
  readonly frames: readonly Frame[];
  /** Neighbours of one kind together: `init`, `delta:BYTES`, `ra:BYTES@SECONDS` with the time of the first. */
  readonly words: readonly string[];
  readonly skippedBytes: number;
  readonly left: number;
}

function frameIn(bytes: Uint8Array, chunkBytes: number): Run {
  const framer = new WavFramer();
  const frames: Frame[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) framer.push(bytes.subarray(at, at + chunkBytes), (frame) => frames.push(frame));
  const left = framer.end();
  const words: { word: string; bytes: number; time: string }[] = [];
  for (const frame of frames) {
    const word = frame.kind === 'random-access' ? 'ra' : frame.kind;
    const last = words.at(-1);
    if (last?.word === word) last.bytes += frame.payload.length;
    else words.push({ word, bytes: frame.payload.length, time: frame.kind === 'random-access' ? `@${frame.timeMicros === null ? '-' : frame.timeMicros / 1e6}` : '' });
  }
  return { frames, words: words.map(({ word, bytes: count, time }) => (word === 'init' ? word : `${word}:${count}${time}`)), skippedBytes: framer.faults.skippedBytes, left };
}

const bad = riff(unknown, format({ blockBytes: 0 }), data(unknown));
const sizes64 = Buffer.alloc(28);
sizes64.writeBigUInt64LE(2n ** 33n, 0);
sizes64.writeBigUInt64LE(8n, 8);
const cases: readonly [name: string, parts: readonly Buffer[], words: readonly string[], skippedBytes: number, left: number][] = [
  ['samples without an end', [endless, samples(400)], ['init', 'delta:44', 'ra:400@0'], 0, 0],
  ['a size of zero is no end', [riff(0, format(), data(0)), samples(400)], ['init', 'delta:44', 'ra:400@0'], 0, 0],
  ['a block cut short by the end', [endless, samples(402)], ['init', 'delta:44', 'ra:400@0'], 0, 2],
  ['other chunks before the samples', [riff(unknown, chunk('JUNK', 3, Buffer.alloc(4)), format(), chunk('LIST', 26), data(unknown)), samples(8)], ['init', 'delta:90', 'ra:8@0'], 0, 0],
  ['garbage in front', [Buffer.from('RIFFRIFF'), endless, samples(8)], ['init', 'delta:44', 'ra:8@0'], 8, 0],
  ['a header without a block size', [bad, endless, samples(8)], ['init', 'delta:44', 'ra:8@0'], bad.length, 0],
  ['samples before the format', [riff(unknown, data(8)), samples(8)], [], 28, 0],
  ['a header cut short by the end', [endless.subarray(0, 40)], [], 0, 40],
  ['chunks behind the samples', [riff(36 + 8 + 34, format(), data(8)), samples(8), chunk('LIST', 26)], ['init', 'delta:44', 'ra:8@0'], 34, 0],
  ['an odd number of samples, and its padding', [riff(36 + 12 + 12, format({ blockBytes: 1 }), data(11)), samples(12), chunk('LIST', 4)], ['init', 'delta:44', 'ra:11@0'], 1 + 12, 0],
  ['another file behind', [riff(36 + 8, format(), data(8)), samples(8), endless, samples(8)], ['init', 'delta:44', 'ra:8@0', 'init', 'delta:44', 'ra:8@0.00025'], 0, 0],
  ['samples beyond a size that is not true', [riff(36 + 10, format(), data(10)), samples(400)], ['init', 'delta:44', 'ra:400@0'], 0, 0],
  ['a chunk that the file has no room for', [riff(36 + 8, format(), data(8)), samples(8), chunk('LIST', 24)], ['init', 'delta:44', 'ra:40@0'], 0, 0],
];
for (const [name, parts, words, skippedBytes, left] of cases) {
  test(`wav: ${name}`, () => {
    const bytes = Buffer.concat(parts);
    for (const chunkBytes of [bytes.length, 1, 2, 7, 100]) {
      const run = frameIn(bytes, chunkBytes);
      assert.deepEqual([run.words, run.skippedBytes, run.left], [words, skippedBytes, left], `in chunks of ${chunkBytes}`);
    }
  });
}

test('wav: the init has the format, and sizes nobody knows', () => {
  const sized = riff(36 + 26 + 8 + 400, chunk('LIST', 18), format(), data(400));
  assert.deepEqual(frameIn(Buffer.concat([sized, samples(8)]), 1000).frames[0], { kind: 'init', format: 'wav', contentType: 'audio/wav', payload: joinHeader });
});

test('wav: the sizes of RF64 stand in its ds64 chunk', () => {
  const rf64 = riff(unknown, chunk('ds64', 28, sizes64), format(), data(unknown));
  rf64.write('RF64');
  const run = frameIn(Buffer.concat([rf64, samples(8), chunk('LIST', 26)]), 1000);
  assert.deepEqual([run.words, run.frames[0]?.payload], [['init', `delta:${rf64.length}`, 'ra:8@0'], joinHeader]);
});

test('wav: whole blocks of a chunk leave at once, and one that straddles chunks by itself', () => {
  const { frames } = frameIn(Buffer.concat([endless, samples(100)]), 50);
  assert.deepEqual(frames.map(({ payload }) => payload.length), [44, 44, 4, 4, 48, 44]);
  const times = frames.flatMap((frame) => (frame.kind === 'random-access' ? (frame.timeMicros ?? []) : []));
  assert.deepEqual(times, [0, 125, 250, 1750]);
});

const rates: readonly [what: string, fields: Parameters<typeof format>[0], secondTime: number | null][] = [
  ['PCM whose byte rate is wrong', { bytesPerSecond: 1 }, 125],
  ['IMA ADPCM whose byte rate is wrong: 9 samples a block of 4 bytes', { tag: 0x11, bytesPerSecond: 16000, more: [2, 0, 9, 0] }, 1125],
  ['another coding', { tag: 0x55, bytesPerSecond: 4000 }, 1000],
  ['another coding without a byte rate', { tag: 0x55, bytesPerSecond: 0 }, null],
];
for (const [what, fields, secondTime] of rates) {
  test(`wav: the time of ${what}`, () => {
    const framer = new WavFramer();
    const times: (number | null)[] = [];
    for (const bytes of [riff(unknown, format(fields), data(unknown)), samples(4), samples(4)]) {
      framer.push(bytes, (frame) => (frame.kind === 'random-access' ? times.push(frame.timeMicros) : 0));
    }
    assert.deepEqual(times, [secondTime === null ? null : 0, secondTime]);
  });
}

test('wav: a header of more chunks than the limit is skipped', () => {
  const run = frameIn(Buffer.concat([riff(unknown, ...Array.from({ length: headerUnitsMax }, () => chunk('JUNK', 0))), endless, samples(8)]), 1000);
  assert.deepEqual([run.words, run.skippedBytes], [['init', 'delta:44', 'ra:8@0'], 12 + 8 * headerUnitsMax]);
});

test('wav: a header that does not end within the limit of an init is skipped', () => {
  const framer = new WavFramer();
  const kinds: string[] = [];
  for (const bytes of [riff(unknown, chunk('JUNK', initBytesMax)), endless, samples(8)]) framer.push(bytes, ({ kind }) => kinds.push(kind));
  assert.deepEqual(kinds, ['init', 'delta', 'random-access']);
  assert.equal(framer.faults.skippedBytes, 12 + 8 + initBytesMax);
});
