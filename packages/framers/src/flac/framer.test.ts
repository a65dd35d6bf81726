import assert from 'node:assert/strict';
import test from 'node:test';
import { cut } from '../cut.testing.ts';
import { headerUnitsMax, initBytesMax } from '../limits.ts';
import { FlacFramer } from './framer.ts';

/** The stream header that FFmpeg wrote for 32 samples a frame, 8 kHz, mono, 16 bits; the total of samples and the MD5 are known. */
const streamHeader = Buffer.from('664c6143000000220020002000004900004901f400f0000000a043f01cde8e702d7b6c2e516fe77b1595', 'hex');
/** Its first five frames: the same sound, numbered from 0, 4 ms each. */
const sound = '4e00000b50f0010b500000f4b00ffff4b0e65dc1aa6d95439617bd7f5f1f59bef48108cb4099c611c675368aa32d0267184719d4da2a8cb4099c611c675368a8';
const frames = ['00', '01', '02', '03', '04'].map((number, index) => {
  const headerCrc = ['be', 'ab', '94', '81', 'ea'][index];
  const crc = ['e64d', '8de5', '311d', '5ab5', 'c8e8'][index];
  return Buffer.from(`fff86408${number}1f${headerCrc}${sound}${crc}`, 'hex');
});
const [frame0, frame1, frame2, frame3, frame4] = frames as [Buffer, Buffer, Buffer, Buffer, Buffer];

function block(type: number, bytes: number, isLast: boolean, fill = 0x61): Buffer {
  const header = [type | (isLast ? 0x80 : 0), bytes >> 16, (bytes >> 8) & 0xff, bytes & 0xff];
  return Buffer.concat([Buffer.from(header), Buffer.alloc(bytes, fill)]);
}
const comment = (isLast: boolean): Buffer => block(4, 10, isLast);
/** Stream information alone, flagged as the last block, without total and MD5: what joiners need. */
const joinInfo = Buffer.from(`664c614380${streamHeader.toString('hex', 5, 21)}f000000000${'00'.repeat(16)}`, 'hex');

const lone = Buffer.from(streamHeader);
lone[4] = 0x80;
const two = ['ra:73@0', 'ra:73@0.004'];
const cases: readonly [name: string, parts: readonly Buffer[], words: readonly string[], skippedBytes: number, left: number][] = [
  ['a header of one block', [lone, frame0, frame1], ['init', 'delta:42@-', ...two], 0, 0],
  ['a header of three blocks', [streamHeader, comment(false), block(1, 100, true), frame0, frame1], ['init', 'delta:42@-', 'delta:14@-', 'delta:104@-', ...two], 0, 0],
  ['a tag and garbage in front', [Buffer.from('ID3\x04\0\0\0\0\0\x05hello??fLaC', 'latin1'), lone, frame0, frame1], ['init', 'delta:42@-', ...two], 21, 0],
  ['frames without a header', [frame0, frame1], [], 146, 0],
  ['frames before the header', [frame0, lone, frame0, frame1], ['init', 'delta:42@-', ...two], 73, 0],
  ['a stream that begins in its middle', [lone, frame3, frame4], ['init', 'delta:42@-', ...two], 0, 0],
  ['garbage between frames', [lone, frame0, Buffer.from('??\xff\xf8', 'latin1'), frame1, frame2], ['init', 'delta:42@-', ...two, 'ra:73@0.008'], 4, 0],
  ['another stream behind', [lone, frame0, frame1, streamHeader, comment(true), frame0], ['init', 'delta:42@-', ...two, 'init', 'delta:42@-', 'delta:14@-', 'ra:73@0.008'], 0, 0],
  ['a frame cut short by the end', [lone, frame0, frame1, frame2.subarray(0, 72)], ['init', 'delta:42@-', ...two], 0, 72],
  ['a header cut short by the end', [streamHeader, comment(false), comment(true).subarray(0, 9)], [], 0, 42 + 14 + 9],
  ['metadata of the forbidden type', [streamHeader, Buffer.from([0x7f]), Buffer.alloc(9), lone, frame0], ['init', 'delta:42@-', 'ra:73@0'], 52, 0],
];
for (const [name, parts, words, skippedBytes, left] of cases) {
  test(`flac: ${name}`, () => {
    const run = cut(() => new FlacFramer(), Buffer.concat(parts));
    assert.deepEqual([run.words, run.skippedBytes, run.left], [words, skippedBytes, left]);
  });
}

test('flac: a damaged frame is skipped, and its number missed', () => {
  const damaged = Buffer.from(frame1);
  damaged[40] = damaged[40]! ^ 0x10;
  const framers: FlacFramer[] = [];
  const run = cut(() => framers[framers.push(new FlacFramer()) - 1]!, Buffer.concat([lone, frame0, damaged, frame2, frame3]));
  assert.deepEqual([run.words.slice(2), run.skippedBytes], [['ra:73@0', 'ra:73@0.008', 'ra:73@0.012'], 73]);
  assert.deepEqual(framers.map(({ faults }) => faults.gaps), framers.map(() => 1));
});

test('flac: the init has no total, no MD5, no padding, and its last block flagged', () => {
  const inits = [[lone], [streamHeader, block(1, 100, true)], [streamHeader, block(3, 18, false), comment(false), block(1, 100, true)]].map((parts) => {
    const [init] = cut(() => new FlacFramer(), Buffer.concat([...parts, frame0])).frames;
    return init;
  });
  const withComment = Buffer.concat([joinInfo, comment(true)]);
  withComment[4] = 0;
  const expected = [joinInfo, joinInfo, withComment].map((payload) => ({ kind: 'init', format: 'flac', contentType: 'audio/flac', payload }));
  assert.deepEqual(inits, expected);
});

test('flac: a picture beyond the limit of an init passes by it', () => {
  const picture = block(6, initBytesMax, false);
  const run = new FlacFramer();
  const words: string[] = [];
  for (const bytes of [streamHeader, picture, comment(true), frame0]) run.push(bytes, ({ kind, payload }) => words.push(`${kind} ${payload.length}`));
  assert.deepEqual(words, ['init 42', 'delta 42', `delta ${picture.length}`, 'delta 14', 'random-access 73']);
});

test('flac: metadata blocks beyond the limit of their number pass by the init', () => {
  const empty = Array.from({ length: headerUnitsMax }, () => block(2, 0, false));
  const { frames, words } = cut(() => new FlacFramer(), Buffer.concat([streamHeader, ...empty, comment(true), frame0]));
  assert.deepEqual([words.length, frames[0]?.payload.length], [1 + 1 + headerUnitsMax + 1 + 1, 42 + 4 * (headerUnitsMax - 1)]);
});

test('flac: a frame leaves with its last byte', () => {
  const framer = new FlacFramer();
  const kinds: string[] = [];
  framer.push(Buffer.concat([lone, frame0.subarray(0, 72)]), ({ kind }) => kinds.push(kind));
  assert.deepEqual(kinds, ['init', 'delta']);
  framer.push(frame0.subarray(72), ({ kind }) => kinds.push(kind));
  assert.deepEqual(kinds, ['init', 'delta', 'random-access']);
});
