import assert from 'node:assert/strict';
import test from 'node:test';
import { type Body, audioBody, videoBody } from './body.ts';

const fourCc = (name: string): number[] => [...Buffer.from(name)];
type Case = readonly [what: string, bytes: readonly number[], use: Body['use'], fields?: Partial<Body>];

const video: readonly Case[] = [
  ['an AVC sequence header', [0x17, 0, 0, 0, 0, 1], 'sequence', { needsSequence: true }],
  ['an AVC key frame', [0x17, 1, 0, 0, 80, 1], 'key', { needsSequence: true, compositionMillis: 80 }],
  ['a negative composition time', [0x27, 1, 0xff, 0xff, 0xfe, 1], 'delta', { needsSequence: true, compositionMillis: -2 }],
  ['an AVC end of sequence', [0x17, 2, 0, 0, 0], 'other'],
  ['a HEVC key frame under the number 12', [0x1c, 1, 0, 0, 0, 1], 'key', { needsSequence: true }],
  ['a Sorenson key frame', [0x12, 0], 'key'],
  ['a Sorenson inter frame', [0x22, 0], 'delta'],
  ['a disposable inter frame', [0x32, 0], 'delta'],
  ['a seek command', [0x57, 0], 'other'],
  ['nothing', [], 'other'],
  ['an enhanced HEVC sequence header', [0x90, ...fourCc('hvc1'), 1], 'sequence', { needsSequence: true }],
  ['an enhanced HEVC key frame with a composition time', [0x91, ...fourCc('hvc1'), 0, 0, 40, 1], 'key', { needsSequence: true, compositionMillis: 40 }],
  ['an enhanced HEVC inter frame without one', [0xa3, ...fourCc('hvc1'), 0, 0, 40, 1], 'delta', { needsSequence: true }],
  ['an enhanced AV1 key frame', [0x91, ...fourCc('av01'), 0, 0, 40], 'key', { needsSequence: true }],
  ['an AV1 sequence header in the form of MPEG-TS', [0x95, ...fourCc('av01'), 1], 'sequence', { needsSequence: true }],
  ['an enhanced VP9 key frame', [0x91, ...fourCc('vp09'), 1], 'key'],
  ['an enhanced AVC end of sequence', [0x92, ...fourCc('avc1')], 'other'],
  ['colour information', [0x94, ...fourCc('hvc1'), 2], 'extra', { needsSequence: true }],
  ['an enhanced seek command', [0xd1, 0], 'other'],
  ['a nanosecond modifier before a key frame', [0x97, 2, 1, 2, 3, 0x01, ...fourCc('hvc1'), 0, 0, 7], 'key', { needsSequence: true, compositionMillis: 7 }],
  ['a long modifier', [0x97, 0xff, 1, 0, ...Buffer.alloc(257), 0x01, ...fourCc('vp09'), 0], 'key'],
  ['a modifier that claims more than there is', [0x97, 0xff, 0xff, 0xff, 1, 2], 'other'],
  ['a key frame of one of several tracks', [0x96, 0x01, ...fourCc('avc1'), 3, 0, 0, 9], 'key', { needsSequence: true, track: 3, compositionMillis: 9 }],
  ['a sequence header for several tracks', [0x96, 0x10, ...fourCc('avc1'), 0, 0, 0, 1, 5], 'sequence', { needsSequence: true, track: -1 }],
];
const audio: readonly Case[] = [
  ['an AAC sequence header', [0xaf, 0, 0x12, 0x10], 'sequence', { needsSequence: true }],
  ['AAC', [0xaf, 1, 0x21], 'key', { needsSequence: true }],
  ['MP3', [0x2f, 0xff, 0xfb], 'key'],
  ['silence without a byte', [0xaf], 'other'],
  ['an enhanced Opus sequence header', [0x90, ...fourCc('Opus'), 1], 'sequence'],
  ['enhanced AC-3', [0x91, ...fourCc('ac-3'), 1], 'key'],
  ['enhanced FLAC', [0x91, ...fourCc('fLaC'), 1], 'key', { needsSequence: true }],
  ['a channel map', [0x94, ...fourCc('Opus'), 1], 'extra'],
  ['an end of sequence', [0x92, ...fourCc('Opus')], 'other'],
  ['one of several tracks', [0x95, 0x01, ...fourCc('mp4a'), 1, 9], 'key', { needsSequence: true, track: 1 }],
];
for (const [name, read, cases] of [['video', videoBody, video], ['audio', audioBody, audio]] as const) {
  for (const [what, bytes, use, fields] of cases) {
    test(`flv ${name}: ${what} is ${use}`, () => {
      const expected = { use, track: 0, needsSequence: false, compositionMillis: 0, ...fields };
      assert.deepEqual(read(Uint8Array.from([0xee, ...bytes, 0xee]), 1, 1 + bytes.length), expected);
    });
  }
}
