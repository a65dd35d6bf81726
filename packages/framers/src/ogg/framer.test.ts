import assert from 'node:assert/strict';
import test from 'node:test';
import { cut } from '../cut.testing.ts';
import type { Cut } from '../cut.testing.ts';
import { headerUnitsMax, initBytesMax, oggStreamsMax } from '../limits.ts';
import { OggFramer } from './framer.ts';
import { flacHead, opusHead, theoraHead, vorbisHead } from './mappings/heads.testing.ts';
import { page } from './page.testing.ts';

const run = (pages: readonly Buffer[]): Cut => cut(() => new OggFramer(), Buffer.concat(pages));
const first = (serial: number, packet: Buffer | string): Buffer => page({ serial, sequence: 0, flags: 'first', packets: [packet] });
const header = (serial: number, sequence: number, ...packets: readonly string[]): Buffer => page({ serial, sequence, packets });
/** A page of `packets`, the last of which ends at `granule`. */
const media = (serial: number, sequence: number, granule: number | bigint, ...packets: readonly string[]): Buffer => page({ serial, sequence, granule, packets });

const opus = (serial = 1): Buffer[] => [first(serial, opusHead(0)), header(serial, 1, 'OpusTags')];
const second = 48000;

test('ogg: the init is the header pages, which stay in the stream', () => {
  const { frames, words } = run([...opus(), media(1, 2, second, 'a'), media(1, 3, 2 * second, 'b')]);
  assert.deepEqual(words, ['init', 'delta:47@-', 'delta:36@-', 'ra:29@1', 'ra:29@2']);
  assert.deepEqual(frames[0], { kind: 'init', format: 'ogg', contentType: 'audio/ogg; codecs=opus', payload: Buffer.concat(opus()) });
});

test('ogg: nothing is a frame before the headers are complete', () => {
  const { words, left } = run([first(1, vorbisHead(44100)), header(1, 1, '\x03vorbis')]);
  assert.deepEqual([words, left], [[], 58 + 35]);
});

test('ogg: headers may share a page, or go on over several', () => {
  const setup = page({ sequence: 1, packets: ['\x03vorbis', Buffer.alloc(510, 5)], open: true });
  const rest = page({ sequence: 2, flags: 'continued', packets: ['rest'] });
  const { frames, words } = run([first(1, vorbisHead(48000)), setup, rest, media(1, 3, second, 'a')]);
  assert.deepEqual(words, ['init', 'delta:58@-', `delta:${setup.length}@-`, 'delta:32@-', 'ra:29@1']);
  assert.equal(frames[0]?.payload.length, 58 + setup.length + 32);
});

test('ogg: a page that begins within a packet, or ends none, is no random access', () => {
  const { words } = run([
    ...opus(),
    page({ sequence: 2, granule: -1, packets: [Buffer.alloc(255)], open: true }),
    page({ sequence: 3, granule: second, flags: 'continued', packets: ['rest', 'whole'] }),
    media(1, 4, 2 * second, 'b'),
    page({ sequence: 5, granule: 2 * second, flags: 'last', packets: [] }),
  ]);
  assert.deepEqual(words.slice(3), ['delta:283@-', 'delta:38@1', 'ra:29@2', 'delta:27@2']);
});

test('ogg: with Theora, only a page that begins with a key frame is random access', () => {
  const key = '\x30key';
  const inter = '\x70int';
  const granule = (keyFrame: number, since: number): number => keyFrame * 64 + since;
  const { frames, words } = run([
    first(1, theoraHead(25, 1, 6)),
    first(2, vorbisHead(48000)),
    header(1, 1, '\x81theora', '\x82theora'),
    header(2, 1, '\x03vorbis', '\x05vorbis'),
    media(1, 2, granule(1, 1), key, inter),
    media(2, 2, 4800, 'a'),
    media(1, 3, granule(4, 0), inter, key),
    page({ serial: 1, sequence: 4, granule: -1, packets: [Buffer.alloc(255, 0x30)], open: true }),
    page({ serial: 1, sequence: 5, granule: granule(5, 1), flags: 'continued', packets: [key, inter] }),
    media(1, 6, granule(5, 2), ''),
  ]);
  assert.equal(frames[0]?.kind === 'init' && frames[0].contentType, 'video/ogg; codecs="theora, vorbis"');
  assert.deepEqual(words.slice(5), ['ra:37@0.08', 'delta:29@0.1', 'delta:37@0.16', 'ra:283@0.16', 'delta:37@0.24', 'delta:28@0.28']);
});

test('ogg: media that comes before the headers of another stream waits for them', () => {
  const pages = [first(1, opusHead(0)), first(2, vorbisHead(48000)), header(1, 1, 'OpusTags'), media(1, 2, second, 'a'), header(2, 1, '\x03vorbis', '\x05vorbis')];
  const { frames, words } = run(pages);
  assert.deepEqual(words, ['init', 'delta:47@-', 'delta:58@-', 'delta:36@-', 'ra:29@1', 'delta:43@-']);
  assert.equal(frames[0]?.payload.length, 47 + 58 + 36 + 43);
});

test('ogg: headers that cannot be counted end with the first media', () => {
  const { words, frames } = run([first(1, flacHead(48000, 0)), header(1, 1, '\x04tags'), header(1, 2, '\x81padding'), media(1, 3, second, '\xff\xf8'), media(1, 4, 2 * second, '\xff\xf8')]);
  assert.deepEqual(words, ['init', 'delta:79@-', 'delta:33@-', 'delta:36@-', 'ra:30@1', 'ra:30@2']);
  assert.equal(frames[0]?.payload.length, 79 + 33 + 36);
});

test('ogg: Skeleton is part of the headers, and delays nothing', () => {
  const skeleton = [first(9, 'fishead\0'), header(9, 1, 'fisbone\0'), page({ serial: 9, sequence: 2, flags: 'last', packets: [''] })];
  const [head, tags] = opus();
  const ended = run([head!, skeleton[0]!, tags!, skeleton[1]!, skeleton[2]!, media(1, 2, second, 'a')]);
  assert.deepEqual(ended.words, ['init', 'delta:47@-', 'delta:36@-', 'delta:36@-', 'delta:36@-', 'delta:28@-', 'ra:29@1']);
  assert.equal(ended.frames[0]?.payload.length, 47 + 36 + 36 + 36 + 28);
  const endless = run([head!, skeleton[0]!, tags!, media(1, 2, second, 'a'), skeleton[1]!]);
  assert.deepEqual(endless.words.slice(4), ['ra:29@1', 'delta:36@-']);
});

test('ogg: a stream of an unknown codec alone is cut where packets begin', () => {
  const { frames, words } = run([first(1, 'UNKNOWN!'), media(1, 1, 5, 'a'), page({ sequence: 2, granule: 6, flags: 'continued', packets: ['b'] })]);
  assert.deepEqual(words, ['init', 'delta:36@-', 'ra:29@-', 'delta:29@-']);
  assert.equal(frames[0]?.kind === 'init' && frames[0].contentType, 'application/ogg');
});

test('ogg: every link of a chain has its init, and time goes on', () => {
  const { words } = run([...opus(1), media(1, 2, second, 'a'), ...opus(2), media(2, 2, second, 'b'), ...opus(2), media(2, 2, 1000 * second, 'c'), media(2, 3, 1001 * second, 'd')]);
  assert.deepEqual(words, ['init', 'delta:47@-', 'delta:36@-', 'ra:29@1', 'init', 'delta:47@-', 'delta:36@-', 'ra:29@2', 'init', 'delta:47@-', 'delta:36@-', 'ra:29@2', 'ra:29@3']);
});

test('ogg: a link whose headers break off is skipped', () => {
  const { words, skippedBytes } = run([first(1, vorbisHead(48000)), header(1, 1, '\x03vorbis'), ...opus(2), media(2, 2, second, 'a')]);
  assert.deepEqual([words, skippedBytes], [['init', 'delta:47@-', 'delta:36@-', 'ra:29@1'], 58 + 35]);
});

test('ogg: pages before the first headers, and of streams that never began, are skipped', () => {
  const { words, skippedBytes } = run([media(1, 7, second, 'a'), ...opus(), media(3, 5, second, 'x'), media(1, 2, second, 'a')]);
  assert.deepEqual([words, skippedBytes], [['init', 'delta:47@-', 'delta:36@-', 'ra:29@1'], 58]);
});

test('ogg: a damaged page is skipped, and its sequence number missed', () => {
  const framers: OggFramer[] = [];
  const damaged = media(1, 3, second, 'damaged');
  damaged[30] = 0;
  const pages = [...opus(), Buffer.from('garbage'), media(1, 2, second, 'a'), damaged, media(1, 4, 2 * second, 'b')];
  const { words, skippedBytes } = cut(() => framers[framers.push(new OggFramer()) - 1]!, Buffer.concat(pages));
  assert.deepEqual([words.slice(3), skippedBytes], [['ra:29@1', 'ra:29@2'], 7 + 35]);
  assert.deepEqual(framers.map(({ faults }) => faults.gaps), framers.map(() => 1));
});

test('ogg: times stay exact beyond 2^32 samples', () => {
  const granules = [2n ** 32n - 48000n, 2n ** 32n, 2n ** 32n + 48000n];
  const { words } = run([...opus(), ...granules.map((granule, index) => media(1, 2 + index, granule, 'a'))]);
  assert.deepEqual(words.slice(3), ['ra:29@0', 'ra:29@1', 'ra:29@2']);
});

test('ogg: headers beyond the limit are given up, and the next link is not', () => {
  const endless = Array.from({ length: Math.ceil(initBytesMax / 65025) + 1 }, (_, index) => page({ sequence: 1 + index, flags: 'continued', packets: [Buffer.alloc(65025)], open: true }));
  const framer = new OggFramer();
  const words: string[] = [];
  for (const bytes of [first(1, vorbisHead(48000)), ...endless, ...opus(2), media(2, 2, second, 'a')]) framer.push(bytes, ({ kind }) => words.push(kind));
  assert.deepEqual(words, ['init', 'delta', 'delta', 'random-access']);
  assert.equal(framer.faults.skippedBytes, 58 + endless.reduce((sum, bytes) => sum + bytes.length, 0));
});

test('ogg: headers of more pages than the limit are given up', () => {
  const pages = Array.from({ length: headerUnitsMax }, (_, index) => header(1, 1 + index, ''));
  const { words, skippedBytes } = run([first(1, 'UNKNOWN!'), ...pages, ...opus(2), media(2, 2, second, 'a')]);
  assert.deepEqual([words, skippedBytes], [['init', 'delta:47@-', 'delta:36@-', 'ra:29@1'], 36 + 28 * headerUnitsMax]);
});

test('ogg: a link of more streams than the limit is given up', () => {
  const { words, skippedBytes } = run([...Array.from({ length: oggStreamsMax + 1 }, (_, index) => first(10 + index, opusHead(0))), ...opus(1), media(1, 2, second, 'a')]);
  assert.deepEqual([words, skippedBytes], [['init', 'delta:47@-', 'delta:36@-', 'ra:29@1'], 47 * (oggStreamsMax + 1)]);
});
