import assert from 'node:assert/strict';
import test from 'node:test';
import type { Entry, FindEntry } from './entry.ts';
import { h264Entry } from './h264.ts';
import { hevcEntry } from './hevc.ts';
import { mpeg2videoEntry } from './mpeg2video.ts';

/** NAL units or MPEG-2 start codes, each behind its prefix. */
const units = (...parts: readonly (readonly number[])[]): number[] => parts.flatMap((part) => [0, 0, 1, ...part]);

const aud = [0x09, 0xf0];
const sps = [0x67, 0x42, 0xc0, 0x1e, 0xd9];
const pps = [0x68, 0xce, 0x3c, 0x80];
const idr = [0x65, 0x88, 0x84, 0x00, 0x33, 0xff];
const laterIdrSlice = [0x65, 0x0c, 0x84, 0x00, 0x33, 0xff]; // first_mb_in_slice 23
const sliceI = [0x41, 0b1_011_0000, 0, 1, 2, 3]; // slice_type 2
const sliceIAll = [0x41, 0b1_0001000, 0, 1, 2, 3]; // slice_type 7
const sliceP = [0x41, 0b1_1_000000, 0, 1, 2, 3]; // slice_type 0
const recovery = [0x06, 6, 1, 0xc4, 0x80];
const longSeiThenRecovery = [0x06, 5, 4, 0, 0, 3, 1, 9, 6, 1, 0xc4, 0x80]; // an emulation prevention byte in the first message
const otherSei = [0x06, 5, 3, 6, 6, 6, 0x80];

const vps = [0x40, 1, 0x0c];
const hevcSps = [0x42, 1, 1];
const hevcAud = [0x46, 1, 0x10];
const hevcRecovery = [0x4e, 1, 6, 1, 0x80, 0x80];
const cra = [0x2a, 1, 0x80, 1];
const idrW = [0x26, 1, 0x80, 1];
const bla = [0x20, 1, 0x80, 1];
const trail = [0x02, 1, 0x80, 1];
const laterCraSegment = [0x2a, 1, 0x40, 1];

const sequence = [0xb3, 0x14, 0, 0xb4, 0x23];
const extension = [0xb5, 0x14, 0x8a];
const gop = [0xb8, 0, 8, 0, 0];
const picture = (type: number): number[] => [0x00, 0x00, 0x08 | (type << 3), 0xff, 0xf8];
const slice = [0x01, 0x13, 0xf8];

const codecs: readonly [name: string, find: FindEntry, cases: readonly [what: string, bytes: readonly number[], entry: Entry][]][] = [
  ['h264', h264Entry, [
    ['an IDR picture with its parameter sets', units(aud, sps, pps, otherSei, idr), 'key'],
    ['a four-byte start code before it', [0, ...units(sps, idr)], 'key'],
    ['an IDR picture without parameter sets', units(aud, idr), 'other'],
    ['a later slice of an IDR picture', units(sps, laterIdrSlice), 'other'],
    ['an open GOP', units(aud, sps, pps, recovery, sliceI), 'key'],
    ['the start of an intra refresh', units(aud, sps, pps, recovery, sliceP), 'key'],
    ['a recovery point behind another message', units(aud, sps, longSeiThenRecovery, sliceP), 'key'],
    ['an I picture with a parameter set', units(aud, sps, pps, sliceIAll), 'key'],
    ['an I picture alone, a scene cut', units(aud, sliceI), 'other'],
    ['a P picture', units(aud, sliceP), 'other'],
    ['a P picture with a parameter set', units(aud, sps, pps, otherSei, sliceP), 'other'],
    ['a recovery point without parameter sets', units(aud, recovery, sliceI), 'other'],
    ['parameter sets and no picture yet', units(aud, sps, pps, otherSei), 'headers'],
    ['a slice header cut off', units(aud, sps, [0x65, 0x88]), 'headers'],
    ['a delimiter and no picture yet', units(aud, otherSei), 'short'],
    ['zero bytes only', [0, 0, 0, 0], 'short'],
    ['nothing', [], 'short'],
    ['the end of a picture before', [1, 2, 3, ...units(sps, idr)], 'hearsay'],
  ]],
  ['hevc', hevcEntry, [
    ['an IDR picture with its parameter sets', units(hevcAud, vps, hevcSps, idrW), 'key'],
    ['a CRA picture with its parameter sets', units(hevcAud, vps, hevcSps, cra), 'key'],
    ['a BLA picture with its parameter sets', units(hevcAud, vps, hevcSps, bla), 'key'],
    ['a CRA picture without parameter sets', units(hevcAud, cra), 'other'],
    ['a later segment of a CRA picture', units(hevcSps, laterCraSegment), 'other'],
    ['a trailing picture', units(hevcAud, trail), 'other'],
    ['a recovery point at a trailing picture', units(hevcAud, hevcSps, hevcRecovery, trail), 'hearsay'],
    ['parameter sets and no picture yet', units(hevcAud, vps, hevcSps), 'headers'],
    ['a slice header cut off', units(hevcAud, vps, hevcSps, [0x2a, 1]), 'headers'],
    ['a delimiter alone', units(hevcAud), 'short'],
    ['the end of a picture before', [7, 7, ...units(hevcSps, cra)], 'hearsay'],
  ]],
  ['mpeg2video', mpeg2videoEntry, [
    ['a sequence header and an I picture', units(sequence, extension, gop, picture(1), slice), 'key'],
    ['an I picture without a sequence header', units(gop, picture(1), slice), 'other'],
    ['a P picture', units(picture(2), slice), 'other'],
    ['a sequence header and a P picture', units(sequence, extension, picture(2), slice), 'hearsay'],
    ['a sequence header and no picture yet', units(sequence, extension, gop), 'headers'],
    ['a picture header cut off', units(sequence, [0x00, 0x00]), 'headers'],
    ['slices of a picture before', units(slice, sequence, picture(1)), 'hearsay'],
    ['nothing that tells', units(extension), 'short'],
  ]],
];
for (const [name, find, cases] of codecs) {
  for (const [what, bytes, entry] of cases) {
    test(`${name}: ${what} is ${entry}`, () => {
      const padded = Uint8Array.from([0xaa, ...bytes, 0, 0, 1, 0x65]);
      assert.equal(find(padded, 1, 1 + bytes.length), entry);
    });
  }
}
