import assert from 'node:assert/strict';
import test from 'node:test';
import type { Frame } from '@weir/media';
import { initBytesMax, waitingTagsMax } from '../limits.ts';
import { FlvFramer } from './framer.ts';

const fileHeader = (flags: number): Uint8Array => Uint8Array.of(0x46, 0x4c, 0x56, 1, flags, 0, 0, 0, 9, 0, 0, 0, 0);
const both = fileHeader(5);

/** A tag with the PreviousTagSize after it. */
function tag(type: number, millis: number, body: readonly number[] | Uint8Array): Uint8Array {
  const bytes = new Uint8Array(15 + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  bytes[0] = type;
  view.setUint32(4, (millis % 2 ** 24) * 256);
  bytes[7] = Math.floor(millis / 2 ** 24);
  bytes.set(body, 11);
  view.setUint32(11 + body.length, 11 + body.length);
  return bytes;
}

const ascii = (text: string): number[] => [...Buffer.from(text)];
const metadata = (...values: readonly number[]): Uint8Array => tag(18, 0, [2, 0, 10, ...ascii('onMetaData'), ...values]);
const avcHeader = (millis = 0, profile = 66): Uint8Array => tag(9, millis, [0x17, 0, 0, 0, 0, 1, profile]);
const aacHeader = (millis = 0): Uint8Array => tag(8, millis, [0xaf, 0, 0x12, 0x10]);
const key = (millis: number, composition = 0): Uint8Array => tag(9, millis, [0x17, 1, 0, 0, composition, 9, 9]);
const inter = (millis: number): Uint8Array => tag(9, millis, [0x27, 1, 0, 0, 0, 9, 9]);
const aac = (millis: number): Uint8Array => tag(8, millis, [0xaf, 1, 0x21]);
const mp3 = (millis: number): Uint8Array => tag(8, millis, [0x2f, 0xff, 0xfb]);

interface Run {
  readonly framer: FlvFramer;
  readonly frames: readonly Frame[];
  readonly left: number;
}

function frame(chunks: readonly Uint8Array[]): Run {
  const framer = new FlvFramer();
  const frames: Frame[] = [];
  for (const chunk of chunks) framer.push(chunk, (next) => frames.push(next));
  const left = framer.end((next) => frames.push(next));
  return { framer, frames, left };
}

/** Frames as "init", "ra@milliseconds" or "delta@milliseconds", the same for any split. */
function check(tags: readonly Uint8Array[], expected: string): Run {
  const whole = Buffer.concat(tags);
  const run = frame([whole]);
  const word = { init: 'init', 'random-access': 'ra', delta: 'delta' };
  const words = run.frames.map((next) => (next.kind === 'init' ? 'init' : `${word[next.kind]}@${next.timeMicros === null ? '-' : next.timeMicros / 1000}`));
  assert.equal(words.join(' '), expected);
  for (const size of [1, 7, 40]) {
    const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) => whole.subarray(index * size, (index + 1) * size));
    const fine = frame(chunks);
    assert.deepEqual(plain(fine.frames), plain(run.frames));
    assert.deepEqual([fine.framer.faults, fine.left], [run.framer.faults, run.left]);
  }
  return run;
}

const plain = (frames: readonly Frame[]): unknown => frames.map((next) => ({ ...next, payload: Buffer.from(next.payload).toString('hex') }));

/** The tags of the last init. */
const initOf = (run: Run): Uint8Array | undefined => run.frames.findLast(({ kind }) => kind === 'init')?.payload;

test('flv: the init has the headers, key frames are random access, sound with a picture is not', () => {
  const tags = [both, metadata(1), avcHeader(), aacHeader(), aac(0), key(10, 40), inter(50), aac(60), key(90)];
  const run = check(tags, 'init delta@- delta@- delta@- delta@- delta@0 ra@50 delta@50 delta@60 ra@90');
  assert.deepEqual(initOf(run), Buffer.concat([both, metadata(1), avcHeader(), aacHeader()]));
  assert.deepEqual(Buffer.concat(run.frames.slice(1).map(({ payload }) => payload)), Buffer.concat(tags));
});

test('flv: header tags in the init have the time 0, and stand in order', () => {
  const run = check([both, aacHeader(700), avcHeader(700), metadata(1), key(700)], 'init delta@- delta@- delta@- delta@- ra@700');
  assert.deepEqual(initOf(run), Buffer.concat([both, metadata(1), avcHeader(), aacHeader()]));
});

test('flv: a sequence header or metadata of other content makes a new init, the same again does not', () => {
  const tags = [both, metadata(1), avcHeader(), key(0), avcHeader(40), metadata(1), key(40), avcHeader(80, 77), inter(80), metadata(2), key(120)];
  const run = check(tags, 'init delta@- delta@- delta@- ra@0 delta@0 delta@0 ra@40 delta@40 init delta@80 delta@80 init ra@120');
  assert.deepEqual(initOf(run), Buffer.concat([both, metadata(2), avcHeader(0, 77)]));
});

test('flv: a track that comes later makes a new init', () => {
  const run = check([fileHeader(1), avcHeader(), key(0), aacHeader(20), aac(20), key(40)], 'init delta@- delta@- ra@0 delta@0 init delta@20 ra@40');
  assert.deepEqual(run.frames[0]?.payload, Buffer.concat([fileHeader(1), avcHeader()]));
  assert.deepEqual(initOf(run), Buffer.concat([both, avcHeader(), aacHeader()]));
});

test('flv: without video every sound is random access', () => {
  const run = check([fileHeader(4), mp3(0), mp3(26)], 'init delta@- ra@0 ra@26');
  assert.deepEqual(initOf(run), Buffer.from(fileHeader(4)));
});

test('flv: a picture that is announced is waited for, but not for long', () => {
  const run = check([both, aacHeader(), aac(0), aac(2000), aac(2001), aac(2020)], 'init delta@- delta@- delta@0 delta@2000 init ra@2001 ra@2020');
  assert.deepEqual(run.frames[0]?.payload, Buffer.concat([both, aacHeader()]));
  assert.deepEqual(initOf(run), Buffer.concat([fileHeader(4), aacHeader()]));
});

test('flv: a key frame whose sequence header has not come is no random access', () => {
  check([key(0), inter(40), avcHeader(), key(80)], 'init delta@0 delta@40 delta@40 init ra@80');
});

test('flv: codecs without sequence headers need none', () => {
  check([fileHeader(1), tag(9, 0, [0x12, 1, 2]), tag(9, 40, [0x22, 1, 2])], 'init delta@- ra@0 delta@40');
});

test('flv: ends of sequence and seek commands are no key frames', () => {
  check([fileHeader(1), avcHeader(), key(0), tag(9, 40, [0x17, 2, 0, 0, 0]), tag(9, 40, [0x57, 0]), tag(9, 40, [])], 'init delta@- delta@- ra@0 delta@0 delta@0 delta@0');
});

test('flv: times past 24 and 32 bits go on', () => {
  const times = [2 ** 24 - 1, 2 ** 24, 2 ** 31, 2 ** 32 - 1, 2 ** 32 + 5];
  const tags = times.map((time) => mp3(time % 2 ** 32));
  check([fileHeader(4), ...tags], `init delta@- ${times.map((time) => `ra@${time}`).join(' ')}`);
});

test('flv: a stream of headers alone comes out at its end', () => {
  check([both, metadata(1), avcHeader()], 'init delta@- delta@- delta@-');
});

test('flv: tags that wait for the first frame are bounded', () => {
  const events = Array.from({ length: waitingTagsMax + 1 }, () => tag(18, 0, [2, 0, 1, 0x78]));
  check([both, ...events], `init ${Array.from({ length: waitingTagsMax + 2 }, () => 'delta@-').join(' ')}`);
  const large = tag(18, 0, new Uint8Array(initBytesMax));
  const { frames } = frame([both, large]);
  assert.deepEqual(frames.map(({ kind }) => kind), ['init', 'delta', 'delta']);
});

test('flv: metadata that is too large is left out of the init', () => {
  const large = tag(18, 0, Buffer.concat([metadata().subarray(11, -4), new Uint8Array(initBytesMax)]));
  assert.deepEqual(initOf(frame([both, large, avcHeader(), key(0)])), Buffer.concat([both, avcHeader()]));
});

test('flv: garbage is skipped and counted, at the start, between tags, inside one', () => {
  const garbage = new Uint8Array(500).fill(0x55);
  const tags = [garbage, both, avcHeader(), key(0), garbage, inter(40), inter(80).subarray(0, 14), key(120), inter(160)];
  const { framer } = check(tags, 'init delta@- delta@- ra@0 delta@40 ra@120 delta@160');
  assert.equal(framer.faults.skippedBytes, 500 + 500 + 14);
});

test('flv: a tag cut off at the end is reported', () => {
  assert.equal(check([both, avcHeader(), key(0), key(40).subarray(0, 12)], 'init delta@- delta@- ra@0').left, 12);
  assert.equal(check([both.subarray(0, 5)], '').left, 5);
});

test('flv: a second file header begins another file and is skipped', () => {
  const run = check([both, avcHeader(), aacHeader(), key(0), fileHeader(4), aacHeader(), aac(0)], 'init delta@- delta@- delta@- ra@0 delta@0 init ra@0');
  assert.equal(run.framer.faults.skippedBytes, 13);
  assert.deepEqual(initOf(run), Buffer.concat([fileHeader(4), aacHeader()]));
});

test('flv: only the first of several tracks is random access', () => {
  const track = (id: number, first: number): Uint8Array => tag(9, 0, [first, 0x01, ...ascii('vp09'), id, 1]);
  const many = tag(9, 0, [0x96, 0x10, ...ascii('avc1'), 0, 0, 0, 1, 5]);
  const manyKey = tag(9, 0, [0x96, 0x11, ...ascii('avc1'), 0, 0, 0, 1, 5]);
  check([fileHeader(1), track(0, 0x96), track(1, 0x96), manyKey, many, manyKey], 'init delta@- ra@0 delta@0 delta@0 delta@0 init ra@0');
  const one = tag(9, 0, [0x96, 0x00, ...ascii('avc1'), 0, 5]);
  check([fileHeader(1), one, manyKey], 'init delta@- delta@- ra@0');
});

test('flv: what cannot be a tag is skipped without waiting for the size it claims', () => {
  const huge = Uint8Array.of(9, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0);
  const foreign = Uint8Array.of(9, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1);
  const { framer } = check([fileHeader(1), avcHeader(), key(0), huge, key(40), foreign, key(80)], 'init delta@- delta@- ra@0 ra@40 ra@80');
  assert.equal(framer.faults.skippedBytes, 22);
});

const large = (millis: number, bytes: number): Uint8Array => tag(9, millis, Buffer.alloc(bytes - 15, '\x17\x01\0\0\0', 'latin1'));
const claim = (millis: number, bytes: number): Uint8Array => large(millis, bytes).subarray(0, 11);
const damage = new Uint8Array(10).fill(0x55);

const claims: readonly [what: string, tags: readonly Uint8Array[], expected: string][] = [
  ['a header of megabytes', [key(0), damage, claim(40, 8_000_000), key(40), inter(80)], 'ra@0 ra@40 delta@80'],
  ['a large header at another time', [large(0, 100_000), damage, claim(60_001, 150_000), key(40)], 'ra@0 ra@40'],
  ['a large header amid garbage in front of all', [damage, claim(0, 100_000), avcHeader(), key(40)], 'ra@40'],
];
for (const [what, tags, expected] of claims) {
  test(`flv: ${what} holds nothing back while the sync is lost`, () => {
    const framer = new FlvFramer();
    const words: string[] = [];
    const start = tags[0] === damage ? [] : [both, avcHeader()];
    framer.push(Buffer.concat([...start, ...tags]), (next) => {
      if (next.kind !== 'init' && next.timeMicros !== null) words.push(`${next.kind === 'delta' ? 'delta' : 'ra'}@${next.timeMicros / 1000}`);
    });
    assert.equal(words.join(' '), expected);
  });
}

test('flv: behind damage, large pictures are believed that are like those before', () => {
  const wrapped = 2 ** 32 - 20_000;
  check([fileHeader(1), avcHeader(), large(wrapped, 100_000), damage, large(40_000, 200_000)], `init delta@- delta@- ra@${wrapped} ra@${2 ** 32 + 40_000}`);
});

test('flv: behind damage, large pictures without any before are believed when no less is lost', () => {
  const { framer } = check([both, avcHeader(), damage, large(0, 100_000), large(40, 100_000), large(80, 300_000)], 'init delta@- delta@- ra@40 ra@80');
  assert.equal(framer.faults.skippedBytes, damage.length + 100_000);
});

test('flv: an encrypted tag passes', () => {
  check([fileHeader(1), avcHeader(), key(0), tag(9 | 0x20, 40, [1, 2, 3])], 'init delta@- delta@- ra@0 delta@0');
});

test('flv: a frame within one chunk is not copied', () => {
  const chunk = new Uint8Array(Buffer.concat([both, avcHeader(), key(0)]));
  const { frames } = frame([chunk]);
  assert.deepEqual(frames.map(({ payload }) => payload.buffer === chunk.buffer), [false, true, true, true]);
});
