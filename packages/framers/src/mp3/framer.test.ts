import assert from 'node:assert/strict';
import test from 'node:test';
import { cut } from '../cut.testing.ts';
import { tagBytesMax } from '../limits.ts';
import { Mp3Framer } from './framer.ts';

/** A frame of MPEG-1 layer III, 32 kbit/s at 32 kHz: 144 bytes, 36 ms. `at` puts text into it. */
function frame(header = 'fffb1800', size = 144, at = 4, text = ''): Buffer {
  const bytes = Buffer.alloc(size, 0x11);
  bytes.write(header, 0, 'hex');
  bytes.fill(0, 4, at);
  bytes.write(text, at, 'latin1');
  return bytes;
}
const slow = (): Buffer => frame('ffe31800', 72); // MPEG-2.5 layer III, 8 kbit/s at 8 kHz: 72 ms

/** The bytes of a tag's header, and `bytes` more. */
const tag = (header: string, bytes: number): Buffer => Buffer.concat([Buffer.from(header, 'latin1'), Buffer.alloc(bytes, 0x22)]);
const ape = (flags: string): string => `APETAGEX\xd0\x07\0\0\x28\0\0\0\x01\0\0\0\0\0\0${flags}${'\0'.repeat(8)}`;

const threeFrames = ['init', 'ra:144@0', 'ra:144@0.036', 'ra:144@0.072'];
const cases: readonly [name: string, parts: readonly Buffer[], words: readonly string[], skippedBytes: number, left: number][] = [
  ['counts the time by samples', [frame(), frame(), frame()], threeFrames, 0, 0],
  ['skips garbage in front', [Buffer.from('xfffb'), frame(), frame(), frame()], threeFrames, 5, 0],
  ['reports a frame cut short', [frame(), frame(), frame(), frame().subarray(0, 100)], threeFrames, 0, 100],
  ['goes on at another rate', [frame(), frame(), frame(), slow(), slow(), slow()], [...threeFrames, 'ra:72@0.108', 'ra:72@0.18', 'ra:72@0.252'], 0, 0],
  ['skips one frame at another rate', [frame(), frame(), frame(), slow(), frame(), frame(), frame()], [...threeFrames, 'ra:144@0.108', 'ra:144@0.144', 'ra:144@0.18'], 72, 0],
  ['follows bitrate, padding and channels', [frame(), frame('fffb28c0', 180), frame('fffb1a00', 145)], ['init', 'ra:144@0', 'ra:180@0.036', 'ra:145@0.072'], 0, 0],
  ['skips ID3v2 in front', [tag('ID3\x04\0\0\0\0\x01\x02', 130), frame(), frame(), frame()], threeFrames, 140, 0],
  ['skips ID3v2 with a footer between frames', [frame(), tag('ID3\x04\0\x10\0\0\0\x02', 12), frame(), frame()], threeFrames, 22, 0],
  ['skips ID3v1 behind', [frame(), frame(), frame(), tag('TAG', 125)], threeFrames, 128, 0],
  ['skips APEv2 with a header and a footer', [tag(ape('\xa0'), 40), frame(), frame(), frame()], threeFrames, 72, 0],
  ['skips the footer of APEv2', [frame(), frame(), tag(ape('\x80'), 0), frame()], threeFrames, 32, 0],
  ['skips a Xing frame', [frame('fffb1800', 144, 36, 'Xing'), frame(), frame(), frame()], threeFrames, 144, 0],
  ['skips an Info frame of MPEG-1 mono', [frame('fffb18c0', 144, 21, 'Info'), frame(), frame(), frame()], threeFrames, 144, 0],
  ['skips an Info frame of MPEG-2.5 mono', [frame('ffe318c0', 72, 13, 'Info'), slow(), slow(), slow()], ['init', 'ra:72@0', 'ra:72@0.072', 'ra:72@0.144'], 72, 0],
  ['skips a VBRI frame', [frame('fffb1800', 144, 36, 'VBRI'), frame(), frame(), frame()], threeFrames, 144, 0],
  ['keeps a frame whose sound happens to say Xing', [Buffer.concat([frame().subarray(0, 36), Buffer.from('Xing'), frame().subarray(40)]), frame(), frame()], threeFrames, 0, 0],
  ['refuses a free format whole', [frame('fffb0800', 500), frame('fffb0800', 500), frame('fffb0800', 500)], [], 1500, 0],
];
for (const [name, parts, words, skippedBytes, left] of cases) {
  test(`mp3: ${name}`, () => {
    const run = cut(() => new Mp3Framer(), Buffer.concat(parts));
    assert.deepEqual([run.words, run.skippedBytes, run.left], [words, skippedBytes, left]);
  });
}

test('mp3: the init is empty and names the type', () => {
  const [init] = cut(() => new Mp3Framer(), Buffer.concat([frame(), frame(), frame()])).frames;
  assert.deepEqual(init, { kind: 'init', format: 'mp3', contentType: 'audio/mpeg', payload: new Uint8Array(0) });
});

test('mp3: an ID3v2 tag beyond the limit is not believed, and hides no frame', () => {
  const sizeBytes = [21, 14, 7, 0].map((shift) => String.fromCharCode((tagBytesMax >> shift) & 0x7f)).join('');
  const run = cut(() => new Mp3Framer(), Buffer.concat([tag(`ID3\x04\0\0${sizeBytes}`, 0), frame(), frame(), frame()]));
  assert.deepEqual([run.words, run.skippedBytes], [threeFrames, 10]);
});
