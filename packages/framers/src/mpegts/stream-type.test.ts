import assert from 'node:assert/strict';
import test from 'node:test';
import { mediaOf } from './stream-type.ts';

const registration = (name: string): number[] => [5, 4, ...Buffer.from(name)];
const cases: readonly [what: string, type: number, descriptors: readonly number[], media: string][] = [
  ['H.264', 0x1b, [], 'video'],
  ['HEVC', 0x24, [], 'video'],
  ['MPEG-1 video', 0x01, [], 'video'],
  ['MPEG-2 video', 0x02, [], 'video'],
  ['AAC', 0x0f, [], 'audio'],
  ['LATM', 0x11, [], 'audio'],
  ['MP2', 0x03, [], 'audio'],
  ['MP3 at low sample rates', 0x04, [], 'audio'],
  ['AC-3 of ATSC', 0x81, [], 'audio'],
  ['AC-3 of DVB', 0x06, [0x6a, 1, 0], 'audio'],
  ['E-AC-3 of DVB behind a language', 0x06, [0x0a, 4, 0x65, 0x6e, 0x67, 0, 0x7a, 0], 'audio'],
  ['Opus', 0x06, [...registration('Opus'), 0x7f, 2, 0x80, 2], 'audio'],
  ['HEVC as private data', 0x06, registration('HEVC'), 'video'],
  ['a subtitle', 0x06, [0x59, 1, 0], 'data'],
  ['private data', 0x06, [], 'data'],
  ['a descriptor cut off', 0x06, [5, 4, 0x4f], 'data'],
  ['E-AC-3 of ATSC', 0x87, [], 'audio'],
  ['SCTE-35', 0x86, [], 'data'],
  ['an unknown type', 0xf0, [], 'data'],
];
for (const [what, type, descriptors, media] of cases) {
  test(`stream type: ${what} is ${media}`, () => assert.equal(mediaOf(type, Uint8Array.from(descriptors)), media));
}
