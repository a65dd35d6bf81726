import assert from 'node:assert/strict';
import test from 'node:test';
import type { FormatName, StreamFrame } from '@weir/media';
import { Cursor, readAhead } from './cursor.ts';
import type { Start } from './cursor.ts';
import { FrameRing } from './frame-ring.ts';
import { joinPoint } from './join-point.ts';

/**
 * A stream in shorthand, a word a frame: `I1` init with payload "1", `R` random access, `d` delta, `!d` after a loss, `T` a title,
 * `E` the end, `|` a new epoch. The payload is the letter and the frame's number; a frame is captured each 100 ms.
 */
function fill(ring: FrameRing, words: string, format: FormatName = 'ogg'): void {
  let epoch = 1;
  let sequence = 0;
  let time = 0;
  for (const word of words.split(' ')) {
    if (word === '|') {
      epoch++;
      sequence = 0;
      continue;
    }
    const place = { epoch, sequence: sequence++, group: 0, capturedMillis: (time += 100), discontinuity: word.startsWith('!') };
    const letter = word.replace('!', '');
    const frame: StreamFrame = letter.startsWith('I')
      ? { kind: 'init', format, contentType: 'x/y', payload: Buffer.from(`<${letter.slice(1)}>`), ...place }
      : letter === 'E'
      ? { kind: 'end', payload: Buffer.alloc(0), ...place }
      : letter === 'T'
      ? { kind: 'title', payload: Buffer.from(`T${place.sequence}`), ...place }
      : { kind: letter === 'R' ? 'random-access' : 'delta', payload: Buffer.from(`${letter}${place.sequence}`), timeMicros: null, ...place };
    ring.push(frame);
  }
}

function readAll(ring: FrameRing, cursor: Cursor): string {
  const parts: Uint8Array[] = [];
  readAhead(ring, cursor, Number.MAX_SAFE_INTEGER, parts);
  return parts.map((part) => Buffer.from(part).toString()).join('');
}

const whole = { header: true, intra: true };
const reads: readonly { name: string; words: string; from?: number; start?: Start; format?: FormatName; read: string; state: Cursor['state'] }[] = [
  { name: 'starts with the init at a random access frame', words: 'I1 d R d', read: '<1>R2d3', state: 'following' },
  { name: 'waits while there is no random access frame', words: 'I1 d d', read: '', state: 'joining' },
  { name: 'waits while there is no init', words: 'R d', read: '', state: 'joining' },
  { name: 'leaves the init out when asked', words: 'I1 d R d', start: { header: false, intra: true }, read: 'R2d3', state: 'following' },
  { name: 'starts anywhere when asked', words: 'I1 d R d', start: { header: true, intra: false }, read: '<1>d1R2d3', state: 'following' },
  { name: 'sends no init for a change within the epoch: it is in the bytes', words: 'I1 R d I2 d R', read: '<1>R1d2d4R5', state: 'following' },
  { name: 'joins later with the init of that place', words: 'I1 R d I2 d R', from: 4, read: '<2>R5', state: 'following' },
  { name: 'goes on at a random access frame after a loss', words: 'I1 R !d d R d', read: '<1>R1R4d5', state: 'following' },
  { name: 'goes on across epochs with the same init without sending it', words: 'I1 R d | I1 d R d', read: '<1>R1d2R2d3', state: 'following' },
  { name: 'chains a new init across epochs', words: 'I1 R d | I2 d R d', read: '<1>R1d2<2>R2d3', state: 'following' },
  { name: 'leaves titles out of the media', words: 'I1 T R T d', read: '<1>R2d4', state: 'following' },
  { name: 'ends with the source, after its last byte', words: 'I1 R d E', read: '<1>R1d2', state: 'ended' },
  { name: 'ends where the container cannot change', words: 'I1 R d | I2 R d', format: 'webm', read: '<1>R1d2', state: 'ended' },
];
for (const { name, words, from = 0, start = whole, format = 'ogg', read, state } of reads) {
  test(`cursor: ${name}`, () => {
    const ring = new FrameRing({ historyMillis: 60_000 });
    fill(ring, words, format);
    const cursor = new Cursor(from, start);
    assert.equal(readAll(ring, cursor), read);
    assert.equal(cursor.state, state);
  });
}

test('cursor: stops at about the bytes asked for and goes on from there', () => {
  const ring = new FrameRing({ historyMillis: 60_000 });
  fill(ring, 'I1 R d d d d d');
  const cursor = new Cursor(0);
  const parts: Uint8Array[] = [];
  assert.equal(readAhead(ring, cursor, 6, parts), 7);
  assert.equal(readAll(ring, cursor), 'd3d4d5d6');
});

test('cursor: left behind by eviction it goes on at the newest random access frame and counts what it missed', () => {
  const ring = new FrameRing({ historyMillis: 300 });
  fill(ring, 'I1 R d');
  const cursor = new Cursor(0);
  assert.equal(readAll(ring, cursor), '<1>R1d2');
  fill(ring, 'I1 R d d d d R d d d d d R d');
  assert.equal(readAll(ring, cursor), 'R12d13');
  assert.equal(cursor.skips, 1);
  assert.equal(cursor.skippedFrames, 12);
});

test('ring: keeps the history and always the newest group whole', () => {
  const ring = new FrameRing({ historyMillis: 200 });
  fill(ring, `I1 R d R ${'d '.repeat(50).trim()}`);
  assert.equal(ring.head - ring.tail, 51);
  assert.equal(ring.at(ring.tail).kind, 'random-access');
  assert.equal(ring.initAt(ring.tail)?.payload.length, 3);
});

test('ring: a group larger than the ceiling is given up from its start', () => {
  const ring = new FrameRing({ historyMillis: 60_000, bytesMax: 40 });
  fill(ring, `I1 R ${'d '.repeat(50).trim()}`);
  assert.ok(ring.bytes <= 40);
  assert.equal(ring.newestRandomAccess, -1);
  assert.equal(readAll(ring, new Cursor(joinPoint(ring, { mode: 'keyframe' }))), '');
});

test('ring: cleared it is as if new, but for its indices', () => {
  const ring = new FrameRing({ historyMillis: 60_000 });
  fill(ring, 'I1 R d d');
  const behind = new Cursor(1);
  ring.clear();
  assert.deepEqual([ring.tail, ring.head, ring.bytes, ring.newestRandomAccess, ring.init, ring.newest], [4, 4, 0, -1, null, undefined]);
  assert.equal(readAll(ring, behind), '');
  fill(ring, 'I2 R');
  assert.equal(readAll(ring, behind), '<2>R1');
});

test('ring: knows the newest title of its epoch', () => {
  const ring = new FrameRing({ historyMillis: 60_000 });
  const title = (): string | null => (ring.title === null ? null : Buffer.from(ring.title.payload).toString());
  fill(ring, 'I1 T R T d');
  assert.equal(title(), 'T3');
  fill(ring, 'I1 T R | I1 R');
  assert.equal(title(), null);
});

test('ring: without random access frames it still forgets', () => {
  const ring = new FrameRing({ historyMillis: 500 });
  fill(ring, `I1 ${'d '.repeat(100).trim()}`);
  assert.ok(ring.head - ring.tail < 10);
});

test('ring: grows and wraps without losing a frame', () => {
  const ring = new FrameRing({ historyMillis: 10_000 });
  fill(ring, `I1 ${'R '.repeat(1000).trim()}`);
  const read = readAll(ring, new Cursor(ring.tail));
  assert.equal(read, `<1>${Array.from({ length: ring.head - ring.tail }, (_, place) => `R${1001 - (ring.head - ring.tail) + place}`).join('')}`);
});

test('ring: a place outside says which places there are', () => {
  assert.throws(() => new FrameRing({ historyMillis: 1 }).at(3), /frame 3 is not in the ring/);
});

const joins: readonly { name: string; join: Parameters<typeof joinPoint>[1]; index: number }[] = [
  { name: 'live is the next frame', join: { mode: 'live' }, index: 10 },
  { name: 'keyframe is the newest random access frame', join: { mode: 'keyframe' }, index: 7 },
  { name: '300 ms behind is the random access frame at or before', join: { mode: 'behind', behindMillis: 300 }, index: 4 },
  { name: '0 ms behind is the newest random access frame', join: { mode: 'behind', behindMillis: 0 }, index: 7 },
  { name: 'an hour behind is the oldest random access frame', join: { mode: 'behind', behindMillis: 3_600_000 }, index: 1 },
];
for (const { name, join, index } of joins) {
  test(`join point: ${name}`, () => {
    const ring = new FrameRing({ historyMillis: 60_000 });
    fill(ring, 'I1 R d d R d d R d d');
    assert.equal(joinPoint(ring, join), index);
  });
}

/** A TS packet: `pid`, its counter, and whether it has a payload, which is full of the counter. */
function packet(pid: number, counter: number, payload = true): Uint8Array {
  const bytes = new Uint8Array(188).fill(counter);
  bytes.set([0x47, 0x40 | (pid >> 8), pid & 0xff, (payload ? 0x10 : 0x20) | counter]);
  if (!payload) bytes.set([183, 0], 4);
  return bytes;
}

test('cursor: where frames of a transport stream are missing, a packet of each PID says so, with the counter it goes on from', () => {
  const ring = new FrameRing({ historyMillis: 60_000 });
  let sequence = 0;
  const push = (kind: 'init' | 'random-access' | 'delta', packets: Uint8Array[], discontinuity = false): void => {
    const place = { epoch: 1, sequence: sequence++, group: 0, capturedMillis: 0, discontinuity };
    const payload = Buffer.concat(packets);
    ring.push(kind === 'init' ? { kind, format: 'mpegts', contentType: 'video/mp2t', payload, ...place } : { kind, payload, timeMicros: null, ...place });
  };
  push('init', [packet(0, 0), packet(0x1000, 0)]);
  push('random-access', [packet(0x100, 3), packet(0x101, 7)]);
  const cursor = new Cursor(0);
  assert.equal(readAhead(ring, cursor, 1 << 20, []), 4 * 188);
  push('random-access', [packet(0x100, 0), packet(0x1000, 5), packet(0x1fff, 9), packet(0x100, 1)], true);
  push('delta', [packet(0x102, 6, false), packet(0x101, 12)]);
  const parts: Uint8Array[] = [];
  readAhead(ring, cursor, 1 << 20, parts);
  const packets = Buffer.concat(parts);
  const heads = Array.from({ length: packets.length / 188 }, (_, place) => packets.subarray(place * 188, place * 188 + 6).toString('hex'));
  assert.deepEqual(heads.slice(0, 3), ['4701002fb780', '47010226b780', '4701012bb780']);
  assert.ok(packets.subarray(6, 188).every((byte) => byte === 0xff));
  assert.equal(heads.length, 9);
});
