import assert from 'node:assert/strict';
import test from 'node:test';
import type { FormatName, StreamFrame } from '@weir/media';
import { FrameRing } from '@weir/ring';
import { newestGroup } from './newest-group.ts';

const now = 1_000_000;
const videoPid = 0x100;
const audioPid = 0x101;

/** Transport packets, one for each word: `V` starts a picture, `v` goes on with it, `a` is sound. */
function packets(words: string): Buffer {
  return Buffer.concat(
    Array.from(words, (word, index) => {
      const pid = word === 'a' ? audioPid : videoPid;
      const packet = Buffer.alloc(188, index + words.length);
      packet.set([0x47, (word === 'V' ? 0x40 : 0) | (pid >> 8), pid & 0xff, 0x10]);
      return packet;
    }),
  );
}

/** A ring of an init and these frames, all captured `quietMillis` ago. */
function ringOf(format: FormatName, frames: readonly [kind: 'random-access' | 'delta', payload: Buffer][], quietMillis: number): FrameRing {
  const ring = new FrameRing({ historyMillis: 12_000 });
  const push = (sequence: number, frame: object): void =>
    ring.push({ epoch: 7, sequence, group: 0, discontinuity: false, capturedMillis: now - quietMillis, timeMicros: null, ...frame } as StreamFrame);
  push(0, { kind: 'init', format, contentType: 'video/x', payload: Buffer.from('init') });
  frames.forEach(([kind, payload], index) => push(index + 1, { kind, payload }));
  return ring;
}

const shownOf = (ring: FrameRing): string[] | null => newestGroup(ring, now)?.parts.map((part) => Buffer.from(part).toString('hex')) ?? null;
const init = Buffer.from('init').toString('hex');
const hex = (buffer: Buffer): string => buffer.toString('hex');

test('newest group: there is none without a random access frame', () => {
  assert.equal(newestGroup(new FrameRing({ historyMillis: 1 }), now), null);
  assert.equal(newestGroup(ringOf('flv', [['delta', Buffer.from('x')]], 0), now), null);
});

test('newest group: is the init and everything from the newest random access frame on', () => {
  const ring = ringOf('flv', [['random-access', Buffer.from('old')], ['random-access', Buffer.from('new')], ['delta', Buffer.from('more')]], 0);
  assert.deepEqual(newestGroup(ring, now)?.parts.map(String), ['init', 'new', 'more']);
  assert.equal(newestGroup(ring, now)?.shown, '7.3');
});

test('newest group: of a transport stream leaves out the picture that is still coming', () => {
  const [first, second] = [packets('VvaVva'), packets('vaVva')];
  const ring = ringOf('mpegts', [['random-access', first], ['delta', second]], 0);
  assert.deepEqual(shownOf(ring), [init, hex(first), hex(second.subarray(0, 2 * 188))]);
  assert.equal(newestGroup(ring, now)?.pid, videoPid);
});

test('newest group: of a transport stream has the last picture once the source has paused', () => {
  const [first, second] = [packets('VvaVva'), packets('vaVva')];
  assert.deepEqual(shownOf(ringOf('mpegts', [['random-access', first], ['delta', second]], 40)), [init, hex(first), hex(second)]);
});

test('newest group: of a transport stream is the group before while the first picture of the newest is still coming', () => {
  const [before, first] = [packets('VvVv'), packets('Vva')];
  assert.deepEqual(shownOf(ringOf('mpegts', [['random-access', before], ['random-access', first]], 0)), [init, hex(before)]);
  assert.equal(shownOf(ringOf('mpegts', [['random-access', first]], 0)), null);
});

test('newest group: has the same name only while it shows the same picture', () => {
  const first = packets('VvVv');
  const one = ringOf('mpegts', [['random-access', first]], 0);
  const same = ringOf('mpegts', [['random-access', first], ['delta', packets('va')]], 0);
  const next = ringOf('mpegts', [['random-access', first], ['delta', packets('vaVv')]], 0);
  const names = [one, same, next].map((ring) => newestGroup(ring, now)?.shown);
  assert.equal(names[0], names[1]);
  assert.notEqual(names[1], names[2]);
});

test('newest group: of MPJPEG is the JPEG without its header', () => {
  const jpeg = Buffer.from('ffd8ffe0abcdffd9', 'hex');
  const part = Buffer.concat([Buffer.from('--b\r\nContent-Type: image/jpeg\r\n\r\n'), jpeg, Buffer.from('\r\n')]);
  const group = newestGroup(ringOf('mpjpeg', [['random-access', part], ['delta', Buffer.from('\r\n')]], 0), now);
  assert.equal(group?.format, 'mjpeg');
  assert.deepEqual(group.parts, [jpeg]);
});
