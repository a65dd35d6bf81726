import assert from 'node:assert/strict';
import test from 'node:test';
import { type Cut, cut, mediaBytes } from '../cut.testing.ts';
import { frameBytesMax, initBytesMax } from '../limits.ts';
import { blockGroup, ebmlHeader, element, endless, info, simpleBlock, timestamp, track, tracks } from './elements.testing.ts';
import { MatroskaFramer } from './framer.ts';

const idSegment = 0x18538067;
const idCluster = 0x1f43b675;
const video = 1;
const audio = 2;
const both = [track(video, 1, 'V_VP8'), track(audio, 2, 'A_OPUS')];

const run = (...input: readonly Uint8Array[]): Cut => cut(() => new MatroskaFramer(), Buffer.concat(input));
const header = (...entries: readonly Uint8Array[]): Buffer => Buffer.concat([ebmlHeader('webm'), endless(idSegment), info(), tracks(...entries)]);
const start = header(...both);
const cluster = (ticks: number, ...blocks: readonly Uint8Array[]): Buffer => endless(idCluster, timestamp(ticks), ...blocks);
const clusterHead = cluster(0).length;
const sizedHead = clusterHead - 7;
const block = simpleBlock(video, 0, true).length;
const group = blockGroup(audio, 0, false).length;
const keyGroup = blockGroup(audio, 0, true).length;
const junk = Uint8Array.of(0, 0, 0x1f, 0x43, 0xb6, 0x1a, 0x45, 0xdf, 0xa3, 0xff, 0);

const cases: readonly {
  readonly name: string;
  readonly input: readonly Uint8Array[];
  readonly words: readonly string[];
  readonly skipped?: number;
  readonly left?: number;
}[] = [
  {
    name: 'cuts at blocks, a cluster head with the first of them',
    input: [start, cluster(1000, simpleBlock(video, 0, true), simpleBlock(audio, 3, true), simpleBlock(video, 40, false))],
    words: ['init', `delta:${start.length}@-`, `ra:${clusterHead + block}@1`, `delta:${block}@1.003`, `delta:${block}@1.04`],
  },
  {
    name: 'takes clusters of a known size, and what else they begin with',
    input: [start, element(idCluster, timestamp(1000), element(0xa7, 0), element(0xab, 0), simpleBlock(video, -1, true))],
    words: ['init', `delta:${start.length}@-`, `ra:${sizedHead + 6 + block}@0.999`],
  },
  {
    name: 'sees key frames in block groups by their references',
    input: [start, cluster(0, blockGroup(video, 0, true)), cluster(1, blockGroup(video, 0, false))],
    words: ['init', `delta:${start.length}@-`, `ra:${clusterHead + keyGroup}@0`, `delta:${clusterHead + group}@0.001`],
  },
  {
    name: 'does not take a key frame amid a cluster for random access',
    input: [start, cluster(0, simpleBlock(video, 0, false), simpleBlock(video, 40, true))],
    words: ['init', `delta:${start.length}@-`, `delta:${clusterHead + block}@0`, `delta:${block}@0.04`],
  },
  {
    name: 'lets audio that begins a cluster wait for the video block that decides',
    input: [start, cluster(0, simpleBlock(audio, 0, true), blockGroup(audio, 20, true), simpleBlock(video, 21, true)), cluster(1000, simpleBlock(audio, 0, true), blockGroup(video, 0, false))],
    words: ['init', `delta:${start.length}@-`, `ra:${clusterHead + block + keyGroup}@0`, `delta:${block}@0.021`, `delta:${clusterHead + block}@1`, `delta:${group}@1`],
  },
  {
    name: 'lets audio wait for half a second and no longer',
    input: [start, cluster(0, simpleBlock(audio, 0, true), simpleBlock(audio, 500, true), simpleBlock(audio, 501, true), simpleBlock(video, 502, true))],
    words: ['init', `delta:${start.length}@-`, `delta:${clusterHead + 2 * block}@0`, `delta:${block}@0.501`, `delta:${block}@0.502`],
  },
  {
    name: 'lets out waiting audio when the cluster or the stream ends',
    input: [start, cluster(0, simpleBlock(audio, 0, true)), cluster(1000, simpleBlock(audio, 0, true))],
    words: ['init', `delta:${start.length}@-`, `delta:${clusterHead + block}@0`, `delta:${clusterHead + block}@1`],
  },
  {
    name: 'takes every cluster of an audio-only stream for random access, and no other block',
    input: [header(track(audio, 2, 'A_OPUS')), cluster(0, simpleBlock(audio, 0, false), simpleBlock(audio, 20, true)), cluster(40, blockGroup(audio, 0, false))],
    words: ['init', `delta:${header(track(audio, 2, 'A_OPUS')).length}@-`, `ra:${clusterHead + block}@0`, `delta:${block}@0.02`, `ra:${clusterHead + group}@0.04`],
  },
  {
    name: 'ignores subtitles and a second video track when it decides',
    input: [header(track(7, 17, 'S_TEXT'), ...both, track(3, 1, 'V_VP9')), cluster(0, simpleBlock(3, 0, true), simpleBlock(video, 0, false))],
    words: ['init', `delta:${header(track(7, 17, 'S_TEXT'), ...both, track(3, 1, 'V_VP9')).length}@-`, `delta:${clusterHead + block}@0`, `delta:${block}@0`],
  },
  {
    name: 'passes other elements as deltas',
    input: [start, element(0xec, 'void'), cluster(0, simpleBlock(video, 0, true), element(0xec, 'void')), element(0x1c53bb6b, 'cues'), element(0x1254c367, 'tags')],
    words: ['init', `delta:${start.length}@-`, 'delta:6@-', `ra:${clusterHead + block}@0`, 'delta:6@-', 'delta:9@-', 'delta:9@-'],
  },
  {
    name: 'passes an element without a name when one with a name follows',
    input: [start, cluster(0, element(0x4a4b, 'new'), simpleBlock(video, 0, true))],
    words: ['init', `delta:${start.length}@-`, `ra:${clusterHead + 6 + block}@0`],
  },
  {
    name: 'takes two elements without a name for garbage, and goes on at the next cluster',
    input: [start, cluster(0, simpleBlock(video, 0, true), element(0x4a4b, 'new'), element(0x4a4b, 'new')), cluster(5, simpleBlock(video, 0, true))],
    words: ['init', `delta:${start.length}@-`, `ra:${clusterHead + block}@0`, `ra:${clusterHead + block}@0.005`],
    skipped: 12,
  },
  {
    name: 'passes a cluster without blocks',
    input: [start, cluster(0), cluster(5, simpleBlock(video, 0, true))],
    words: ['init', `delta:${start.length}@-`, `delta:${clusterHead}@-`, `ra:${clusterHead + block}@0.005`],
  },
  {
    name: 'tells no time before a Timestamp',
    input: [start, endless(idCluster, simpleBlock(video, 0, true))],
    words: ['init', `delta:${start.length}@-`, `ra:${12 + block}@-`],
  },
  {
    name: 'counts in the TimestampScale',
    input: [ebmlHeader('webm'), endless(idSegment), info([0x01, 0x86, 0xa0]), tracks(...both), cluster(7, simpleBlock(video, 3, true))],
    words: ['init', `delta:${start.length + 7}@-`, `ra:${clusterHead + block}@0.001`],
  },
  { name: 'skips what comes before the EBML header, clusters too', input: [junk, cluster(0, simpleBlock(video, 0, true)), start], words: ['init', `delta:${start.length}@-`], skipped: junk.length + clusterHead + block },
  {
    name: 'makes a new init of a new EBML header, and of a new Segment',
    input: [start, cluster(0, simpleBlock(video, 0, true)), header(both[1]!), cluster(0, simpleBlock(audio, 0, true)), endless(idSegment, tracks(both[0]!)), cluster(0, simpleBlock(video, 0, false))],
    words: [
      'init', `delta:${start.length}@-`, `ra:${clusterHead + block}@0`,
      'init', `delta:${header(both[1]!).length}@-`, `ra:${clusterHead + block}@0`,
      'init', `delta:${12 + tracks(both[0]!).length}@-`, `delta:${clusterHead + block}@0`,
    ],
  },
  {
    name: 'finds the next cluster behind damage',
    input: [start, cluster(0, simpleBlock(video, 0, true)), junk, cluster(5, simpleBlock(video, 0, true))],
    words: ['init', `delta:${start.length}@-`, `ra:${clusterHead + block}@0`, `ra:${clusterHead + block}@0.005`],
    skipped: junk.length,
  },
  {
    name: 'skips blocks without a head, or larger than a frame may be',
    input: [start, cluster(0, element(0xa3, 0x81, 0, 0)), cluster(0, element(0xa0, element(0x9b, 1))), cluster(0, Uint8Array.of(0xa3, 0x11, 0, 0, 0)), cluster(5, simpleBlock(video, 0, true))],
    words: ['init', `delta:${start.length}@-`, `ra:${clusterHead + block}@0.005`],
    skipped: 3 * clusterHead + 5 + 5 + 5,
  },
  { name: 'skips a header without Tracks', input: [ebmlHeader('webm'), endless(idSegment, info()), cluster(0, simpleBlock(video, 0, true)), start], words: ['init', `delta:${start.length}@-`], skipped: start.length - tracks(...both).length + clusterHead + block },
  { name: 'reports a block cut short', input: [start, cluster(0, simpleBlock(video, 0, true), simpleBlock(video, 40, false).subarray(0, 7))], words: ['init', `delta:${start.length}@-`, `ra:${clusterHead + block}@0`], left: 7 },
];
for (const { name, input, words, skipped = 0, left = 0 } of cases) {
  test(`matroska: ${name}`, () => {
    const result = run(...input);
    assert.deepEqual(result.words, words);
    assert.deepEqual([result.skippedBytes, result.left], [skipped, left]);
  });
}

test('matroska: the init is EBML header, Segment without a size, Info and Tracks, in that order', () => {
  const seekHead = element(0x114d9b74, 'positions');
  const tags = element(0x1254c367, 'title');
  const result = run(ebmlHeader('webm'), element(0xec, 'void'), element(idSegment, seekHead, tags, tracks(...both), element(0xec, 'void'), info(), tags), cluster(0, simpleBlock(video, 0, true)));
  const [init] = result.frames;
  assert.deepEqual(init, { kind: 'init', format: 'webm', contentType: 'video/webm; codecs="vp8, opus"', payload: Buffer.concat([ebmlHeader('webm'), endless(idSegment), info(), tracks(...both)]) });
});

test('matroska: takes a header without Info', () => {
  const result = run(ebmlHeader('webm'), endless(idSegment), tracks(...both), cluster(2, simpleBlock(video, 0, true)));
  assert.deepEqual(result.words, ['init', `delta:${start.length - info().length}@-`, `ra:${clusterHead + block}@0.002`]);
});

const avcRecord = [1, 0x64, 0, 0x1f, 0xff];
const types: readonly (readonly [docType: string, entries: readonly Uint8Array[], format: string, contentType: string])[] = [
  ['webm', both, 'webm', 'video/webm; codecs="vp8, opus"'],
  ['webm', [track(1, 2, 'A_VORBIS')], 'webm', 'audio/webm; codecs="vorbis"'],
  ['webm', [track(1, 1, 'V_AV1', [0x81, 0x04, 0x0c, 0])], 'webm', 'video/webm; codecs="av01.0.04M.08"'],
  ['matroska', [track(1, 1, 'V_MPEG4/ISO/AVC', avcRecord), track(2, 2, 'A_AAC', [0x12, 0x10])], 'matroska', 'video/x-matroska; codecs="avc1.64001f, mp4a.40.2"'],
  ['matroska', [track(1, 1, 'V_MPEG4/ISO/AVC', avcRecord), track(2, 17, 'S_TEXT/UTF8')], 'matroska', 'video/x-matroska; codecs="avc1.64001f"'],
  ['matroska', [track(1, 2, 'A_FLAC'), track(2, 2, 'A_FLAC')], 'matroska', 'audio/x-matroska; codecs="flac"'],
  ['matroska', [track(1, 1, 'V_MPEG4/ISO/AVC')], 'matroska', 'video/x-matroska'],
  ['matroska', [track(1, 2, 'A_PCM/INT/LIT')], 'matroska', 'audio/x-matroska'],
  ['something', [], 'matroska', 'video/x-matroska'],
];
for (const [docType, entries, format, contentType] of types) {
  test(`matroska: is ${contentType} for ${entries.length} tracks of ${docType}`, () => {
    const [init] = run(ebmlHeader(docType), endless(idSegment), info(), tracks(...entries)).frames;
    assert.deepEqual(init?.kind === 'init' && [init.format, init.contentType], [format, contentType]);
  });
}

test('matroska: skips a header beyond the limit', () => {
  const large = element(0x1941a469, new Uint8Array(initBytesMax));
  const framer = new MatroskaFramer();
  const kinds: string[] = [];
  framer.push(Buffer.concat([ebmlHeader('webm'), endless(idSegment), large, start]), ({ kind }) => kinds.push(kind));
  assert.deepEqual(kinds, ['init', 'delta']);
});

test('matroska: passes a large element behind the header, up to the limit of a frame', () => {
  const fits = element(0x1941a469, new Uint8Array(frameBytesMax - 8));
  const exceeds = element(0x1941a469, new Uint8Array(frameBytesMax - 7));
  const framer = new MatroskaFramer();
  const payloads: number[] = [];
  framer.push(Buffer.concat([start, fits, exceeds, cluster(0, simpleBlock(video, 0, true))]), ({ payload }) => payloads.push(payload.length));
  assert.deepEqual(payloads.slice(2), [frameBytesMax, clusterHead + block]);
  assert.equal(framer.faults.skippedBytes, exceeds.length);
});

/** A cluster that tells its size in so many bytes. */
function sized(sizeBytes: number, ...blocks: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat([timestamp(1000), ...blocks]);
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(content.length));
  size[8 - sizeBytes]! |= 0x100 >> sizeBytes;
  return Buffer.concat([Uint8Array.of(0x1f, 0x43, 0xb6, 0x75), size.subarray(8 - sizeBytes), content]);
}

const unknownSizes = ['ff', '7fff', '3fffff', '1fffffff', '0fffffffff', '07ffffffffff', '03ffffffffffff', '01ffffffffffffff'];
for (const [index, unknown] of unknownSizes.entries()) {
  test(`matroska: a cluster's size of ${index + 1} bytes leaves as unknown, whatever its head comes with`, () => {
    const contents: readonly (readonly Uint8Array[])[] = [
      [simpleBlock(video, 0, true), simpleBlock(video, 40, false)],
      [simpleBlock(audio, 0, true), simpleBlock(video, 1, true)],
      [simpleBlock(audio, 0, true)],
      [],
    ];
    for (const blocks of contents) {
      const input = Buffer.concat([start, sized(index + 1, ...blocks), cluster(2000, simpleBlock(video, 0, true))]);
      const expected = Buffer.from(input);
      expected.write(unknown, start.length + 4, 'hex');
      assert.deepEqual(mediaBytes(run(input)), expected);
    }
  });
}

test('matroska: a cluster whose size is unknown, and the blocks behind any cluster head, are not copied', () => {
  const input = Uint8Array.from(Buffer.concat([start, cluster(0, simpleBlock(video, 0, true)), sized(4, simpleBlock(video, 0, true), simpleBlock(video, 40, false))]));
  const before = input.slice();
  const framer = new MatroskaFramer();
  const shared: boolean[] = [];
  framer.push(input, ({ payload }) => shared.push(payload.buffer === input.buffer));
  assert.deepEqual(shared, [false, true, true, false, true]);
  assert.deepEqual(input, before);
});

test('matroska: a size that damage took is not put upon the next frame', () => {
  const input = Buffer.concat([start, sized(4, junk), cluster(5, simpleBlock(video, 0, true))]);
  assert.deepEqual(mediaBytes(run(input)), Buffer.concat([start, cluster(5, simpleBlock(video, 0, true))]));
});

const longInteger = (id: number): Buffer => element(id, new Uint8Array(9).fill(255));

test('matroska: a Timestamp of more than eight bytes is damage', () => {
  const result = run(start, endless(idCluster, longInteger(0xe7), simpleBlock(video, 0, true)), cluster(5, simpleBlock(video, 0, true)));
  assert.deepEqual(result.words, ['init', `delta:${start.length}@-`, `ra:${clusterHead + block}@0.005`]);
  assert.equal(result.skippedBytes, 12 + 11 + block);
});

test('matroska: numbers of more than eight bytes in the header are as if they were not there', () => {
  const videoTrack = element(0xae, element(0xd7, video), longInteger(0xd7), element(0x83, 1), longInteger(0x83), element(0x86, 'V_VP8'));
  const badInfo = element(0x1549a966, longInteger(0x2ad7b1));
  const result = run(ebmlHeader('webm'), endless(idSegment), badInfo, tracks(videoTrack), cluster(5, simpleBlock(video, 0, true)));
  assert.deepEqual(result.words.at(-1), `ra:${clusterHead + block}@0.005`);
});

test('matroska: a time that no number holds is no time', () => {
  const far = element(0xe7, new Uint8Array(8).fill(255));
  const result = run(start, endless(idCluster, far, simpleBlock(video, 0, true)));
  assert.deepEqual(result.words.at(-1), `ra:${12 + far.length + block}@-`);
});

test('matroska: payloads are the input', () => {
  const input = Buffer.concat([start, cluster(0, simpleBlock(audio, 0, true), simpleBlock(video, 1, true), element(0xec, 'x'))]);
  assert.deepEqual(mediaBytes(run(input)), input);
});
