import assert from 'node:assert/strict';
import test from 'node:test';
import { type Cut, cut, mediaBytes } from '../cut.testing.ts';
import { frameBytesMax, initBytesMax } from '../limits.ts';
import { audioEntry, box, ftyp, fullBox, moof, moov, trak, trex, u32, videoEntry } from './boxes.testing.ts';
import { Mp4Framer } from './framer.ts';

const video = 1;
const audio = 2;
const sync = 0x02000000; // sample_depends_on 2
const nonSync = 0x01010000; // sample_depends_on 1, sample_is_non_sync_sample

const avc1 = videoEntry('avc1', box('avcC', Uint8Array.of(1, 0x64, 0, 0x1f)));
const mp4a = audioEntry('mp4a', fullBox('esds', 0, 0, Uint8Array.of(3, 0x80, 25, 0, 1, 0, 4, 17, 0x40, 0x15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 2, 0x12, 0x10)));
const videoTrak = trak(video, 'vide', 90_000, avc1);
const audioTrak = trak(audio, 'soun', 48_000, mp4a);
const both = moov([audioTrak, videoTrak], [trex(audio, sync), trex(video, nonSync)]);
const audioOnly = moov([audioTrak], [trex(audio, nonSync)]);
const start = Buffer.concat([ftyp, both]);

const tfhd = (track: number): Buffer => fullBox('tfhd', 0, 0x020000, u32(track));
const tfdt = (ticks: number): Buffer => fullBox('tfdt', 1, 0, u32(Math.floor(ticks / 2 ** 32), ticks % 2 ** 32));
const trun = (flags: number): Buffer => fullBox('trun', 0, 0x5, u32(1, 0, flags));
const traf = (track: number, ticks: number, flags: number): Buffer => box('traf', tfhd(track), tfdt(ticks), trun(flags));
const mdat = box('mdat', Buffer.from('samples'));
const fragment = (...trafs: readonly Uint8Array[]): Buffer => Buffer.concat([moof(...trafs), mdat]);
const key = fragment(traf(audio, 48_000, nonSync), traf(video, 90_000, sync));
const other = fragment(traf(video, 180_000, nonSync));
const sound = fragment(traf(audio, 24_000, sync));

const run = (...input: readonly Uint8Array[]): Cut => cut(() => new Mp4Framer(), Buffer.concat(input));

const cases: readonly {
  readonly name: string;
  readonly input: readonly Uint8Array[];
  readonly words: readonly string[];
  readonly skipped?: number;
  readonly left?: number;
}[] = [
  {
    name: 'cuts at fragments; the video track decides on kind and time, where it takes part',
    input: [start, key, other, sound],
    words: ['init', `delta:${start.length}@-`, `ra:${key.length}@1`, `delta:${other.length}@2`, `delta:${sound.length}@0.5`],
  },
  {
    name: 'takes every fragment of an audio-only stream for random access',
    input: [ftyp, audioOnly, fragment(traf(audio, 24_000, nonSync))],
    words: ['init', `delta:${ftyp.length + audioOnly.length}@-`, `ra:${sound.length}@0.5`],
  },
  {
    name: 'counts what precedes a fragment to it',
    input: [start, box('styp', u32(0, 0)), box('sidx', u32(0)), box('emsg', u32(0)), box('prft', u32(0)), box('free'), key, other],
    words: ['init', `delta:${start.length}@-`, `ra:${16 + 3 * 12 + 8 + key.length}@1`, `delta:${other.length}@2`],
  },
  {
    name: 'counts a box between moof and mdat to the fragment',
    input: [start, key.subarray(0, key.length - mdat.length), box('free', u32(1)), mdat],
    words: ['init', `delta:${start.length}@-`, `ra:${key.length + 12}@1`],
  },
  {
    name: 'passes other boxes, and media without a moof, as deltas',
    input: [start, box('free'), box('uuid', u32(1, 2, 3, 4)), box('news', u32(1)), mdat, key, box('mfra', u32(1))],
    words: ['init', `delta:${start.length}@-`, 'delta:8@-', 'delta:24@-', 'delta:12@-', `delta:${mdat.length}@-`, `ra:${key.length}@1`, 'delta:12@-'],
  },
  {
    name: 'passes a moof without an mdat, and segment boxes without a fragment, as deltas',
    input: [start, key.subarray(0, key.length - mdat.length), key, box('styp', u32(0, 0)), box('mfra', u32(1))],
    words: ['init', `delta:${start.length}@-`, `ra:${key.length - mdat.length}@1`, `ra:${key.length}@1`, 'delta:16@-', 'delta:12@-'],
  },
  {
    name: 'takes boxes between ftyp and moov',
    input: [ftyp, box('free'), box('uuid', u32(1)), both, key],
    words: ['init', `delta:${start.length + 8 + 12}@-`, `ra:${key.length}@1`],
  },
  {
    name: 'takes 64-bit box sizes',
    input: [start, moof(traf(video, 90_000, sync)), Buffer.concat([u32(1), Buffer.from('mdat'), u32(0, 20), u32(7)])],
    words: ['init', `delta:${start.length}@-`, `ra:${moof(traf(video, 90_000, sync)).length + 20}@1`],
  },
  {
    name: 'makes a new init of a new moov, with the ftyp before it or the last one',
    input: [start, key, ftyp, audioOnly, sound, both, key],
    words: [
      'init', `delta:${start.length}@-`, `ra:${key.length}@1`,
      'init', `delta:${ftyp.length + audioOnly.length}@-`, `ra:${sound.length}@0.5`,
      'init', `delta:${both.length}@-`, `ra:${key.length}@1`,
    ],
  },
  { name: 'skips what comes before the ftyp', input: [Buffer.from('garbage mdat moof'), key, start, key], words: ['init', `delta:${start.length}@-`, `ra:${key.length}@1`], skipped: 17 + key.length },
  {
    name: 'finds the next fragment behind damage',
    input: [start, key, Buffer.from('\0\0\0\x09mdat\0\0\0\0\x05styp'), box('styp', u32(0, 0)), key, u32(3, 3, 3), key],
    words: ['init', `delta:${start.length}@-`, `ra:${key.length}@1`, 'delta:9@-', `ra:${16 + key.length}@1`, `ra:${key.length}@1`],
    skipped: 8 + 12,
  },
  {
    name: 'skips a file that is not fragmented, whatever its order, and what follows it',
    input: [ftyp, moov([videoTrak], null), mdat, ftyp, mdat, moov([videoTrak], null), key],
    words: [],
    skipped: 2 * (ftyp.length + mdat.length + moov([videoTrak], null).length) + key.length - 15,
    left: 15,
  },
  { name: 'skips a box without an end', input: [start, u32(0), Buffer.from('mdat'), u32(1, 2, 3, 4, 5, 6)], words: ['init', `delta:${start.length}@-`], skipped: 32 - 15, left: 15 },
  { name: 'reports a fragment cut short', input: [start, key, other.subarray(0, -1)], words: ['init', `delta:${start.length}@-`, `ra:${key.length}@1`], left: other.length - 1 },
];
for (const { name, input, words, skipped = 0, left = 0 } of cases) {
  test(`mp4: ${name}`, () => {
    const result = run(...input);
    assert.deepEqual(result.words, words);
    assert.deepEqual([result.skippedBytes, result.left], [skipped, left]);
  });
}

const flagged: readonly (readonly [name: string, traf: Uint8Array, expected: string])[] = [
  ['first_sample_flags over the flags of its sample', box('traf', tfhd(video), fullBox('trun', 0, 0x404, u32(1, sync, nonSync))), 'ra@-'],
  ['the flags of the first sample, behind its duration and size', box('traf', tfhd(video), fullBox('trun', 0, 0x701, u32(2, 0, 1, 1, sync, 1, 1, nonSync))), 'ra@-'],
  ['the default of the tfhd box, behind its other fields', box('traf', fullBox('tfhd', 0, 0x3a, u32(video, 1, 1, 1, sync)), fullBox('trun', 0, 0, u32(1))), 'ra@-'],
  ['the default of the trex box', box('traf', tfhd(video), fullBox('trun', 0, 0, u32(1))), 'delta@-'],
  ['sample_depends_on, when the other flag is forgotten', box('traf', tfhd(video), trun(0x01000000)), 'delta@-'],
  ['sample_is_non_sync_sample, although nothing is depended on', box('traf', tfhd(video), trun(0x02010000)), 'delta@-'],
  ['a run with samples, not an empty one before it', box('traf', tfhd(video), fullBox('trun', 0, 0x4, u32(0, sync)), trun(nonSync)), 'delta@-'],
  ['no sample at all', box('traf', fullBox('tfhd', 0, 0x20, u32(video, sync))), 'delta@-'],
  ['a time of 32 bits', box('traf', tfhd(video), fullBox('tfdt', 0, 0, u32(0xffffffff)), trun(sync)), `ra@${0xffffffff / 90_000}`],
  ['a time above 2^32', box('traf', tfhd(video), tfdt(2 ** 33 + 1), trun(sync)), `ra@${(2 ** 33 + 1) / 90_000}`],
  ['a composition offset', box('traf', tfhd(video), tfdt(90_000), fullBox('trun', 0, 0x804, u32(1, sync, 45_000))), 'ra@1.5'],
  ['a negative composition offset', box('traf', tfhd(video), tfdt(90_000), fullBox('trun', 1, 0x804, u32(1, sync, -45_000))), 'ra@0.5'],
  ['an unknown track', box('traf', tfhd(9), tfdt(90_000), trun(sync)), 'delta@-'],
];
for (const [name, trafBox, expected] of flagged) {
  test(`mp4: a fragment goes by ${name}`, () => {
    const frame = run(start, fragment(trafBox)).frames[2];
    assert.ok(frame !== undefined && frame.kind !== 'init');
    const [kind, time] = expected.split('@');
    assert.equal(frame.kind, kind === 'ra' ? 'random-access' : 'delta');
    if (time === '-') assert.equal(frame.timeMicros, null);
    else assert.ok(Math.abs((frame.timeMicros ?? NaN) - Number(time) * 1_000_000) < 0.01);
  });
}

const types: readonly (readonly [traks: readonly Uint8Array[], contentType: string])[] = [
  [[videoTrak, audioTrak], 'video/mp4; codecs="avc1.64001f, mp4a.40.2"'],
  [[audioTrak], 'audio/mp4; codecs="mp4a.40.2"'],
  [[trak(1, 'soun', 1, audioEntry('Opus')), trak(2, 'text', 1, box('wvtt'))], 'audio/mp4; codecs="opus"'],
  [[trak(1, 'soun', 1, audioEntry('fLaC'))], 'audio/mp4; codecs="flac"'],
  [[trak(1, 'soun', 1, audioEntry('mp4a', fullBox('esds', 0, 0, Uint8Array.of(3, 18, 0, 1, 0xe0, 0, 0, 1, 0x2e, 0, 0, 4, 1, 0x6b))))], 'audio/mp4; codecs="mp4a.6B"'],
  [[trak(1, 'vide', 1, videoEntry('vp09', fullBox('vpcC', 1, 0, Uint8Array.of(0, 20, 0x82))))], 'video/mp4; codecs="vp09.00.20.08"'],
  [[trak(1, 'vide', 1, videoEntry('av01', box('free'), box('av1C', Uint8Array.of(0x81, 4, 12, 0))))], 'video/mp4; codecs="av01.0.04M.08"'],
  [[trak(1, 'vide', 1, videoEntry('hvc1', box('hvcC', Uint8Array.of(1, 1, 0x60, 0, 0, 0, 0xb0, 0, 0, 0, 0, 0, 93))))], 'video/mp4; codecs="hvc1.1.6.L93.B0"'],
  [[trak(1, 'vide', 1, videoEntry('encv')), audioTrak], 'video/mp4'],
  [[trak(1, 'vide', 1, videoEntry('avc1'))], 'video/mp4'],
];
for (const [traks, contentType] of types) {
  test(`mp4: is ${contentType}`, () => {
    const [init] = run(ftyp, moov(traks, [])).frames;
    assert.equal(init?.kind === 'init' && init.contentType, contentType);
  });
}

test('mp4: the init is ftyp and moov, without what stands between them', () => {
  const [init] = run(ftyp, box('free', u32(1)), both).frames;
  assert.deepEqual(init, { kind: 'init', format: 'mp4', contentType: 'video/mp4; codecs="mp4a.40.2, avc1.64001f"', payload: start });
});

test('mp4: payloads are the input', () => {
  const input = Buffer.concat([start, box('styp', u32(0, 0)), key, other]);
  assert.deepEqual(mediaBytes(run(input)), input);
});

test('mp4: describes to joiners no samples that only the moov box does', () => {
  const tables = [fullBox('stts', 0, 0, u32(1, 9, 9)), fullBox('stss', 0, 0, u32(1, 1)), fullBox('stsc', 0, 0, u32(1, 1, 9, 1)), fullBox('stsz', 0, 0, u32(7, 9)), fullBox('co64', 0, 0, u32(1, 0, 99))];
  const filled = moov([trak(video, 'vide', 90_000, avc1, { tables }), audioTrak], [trex(video, nonSync)]);
  const [init, ...media] = run(ftyp, filled, mdat, key).frames;
  assert.deepEqual(init?.payload, Buffer.concat([ftyp, moov([videoTrak, audioTrak], [trex(video, nonSync)])]));
  assert.deepEqual(media.map(({ kind, payload }) => [kind, payload.length]), [['delta', ftyp.length + filled.length], ['delta', mdat.length], ['random-access', key.length]]);
});

test('mp4: makes fragments that count from the start of the file count from their moof', () => {
  const absolute = (position: number): Buffer => fragment(box('traf', fullBox('tfhd', 0, 0x29, u32(video, 0, position, 1, sync)), tfdt(90_000), fullBox('trun', 0, 1, u32(1, 108))));
  const relative = fragment(box('traf', fullBox('tfhd', 0, 0x020028, u32(video, 1, sync)), box('free'), tfdt(90_000), fullBox('trun', 0, 1, u32(1, 108))));
  const styp = box('styp', u32(0, 0));
  const position = start.length + styp.length;
  const result = run(Buffer.from('garbage'), start, styp, absolute(position), absolute(position + relative.length), absolute(5));
  const size = relative.length;
  assert.deepEqual(result.words, ['init', `delta:${start.length}@-`, `ra:${styp.length + size}@1`, `ra:${size}@1`, `delta:${size}@1`]);
  assert.deepEqual(mediaBytes(result), Buffer.concat([start, styp, relative, relative, absolute(5)]));
});

test('mp4: skips boxes beyond the limits', () => {
  const framer = new Mp4Framer();
  const payloads: number[] = [];
  const fits = box('mdat', new Uint8Array(frameBytesMax - 8));
  const exceeds = box('mdat', new Uint8Array(frameBytesMax - 7));
  const largeHeader = Buffer.concat([ftyp, box('free', new Uint8Array(initBytesMax)), both]);
  const unknown = box('news', new Uint8Array(2 ** 17));
  const input = Buffer.concat([start, fits, exceeds, key, largeHeader, key, unknown, key]);
  framer.push(input, ({ payload }) => payloads.push(payload.length));
  assert.deepEqual(payloads, [start.length, start.length, fits.length, key.length, both.length + ftyp.length, both.length, key.length, key.length]);
  assert.equal(framer.faults.skippedBytes + payloads.reduce((total, bytes) => total + bytes, 0), input.length + start.length + both.length + ftyp.length);
});

test('mp4: survives boxes nested deeper than any call could follow', () => {
  const depth = 20_000;
  const nested = Buffer.alloc(8 * depth);
  for (let level = 0; level < depth; level++) {
    nested.writeUInt32BE(8 * (depth - level), 8 * level);
    nested.write(level % 2 === 0 ? 'mdia' : 'trak', 8 * level + 4, 'latin1');
  }
  const { frames } = run(ftyp, moov([box('trak', nested)], []));
  assert.equal(frames[0]?.kind, 'init');
});
