import assert from 'node:assert/strict';
import test from 'node:test';
import type { Frame } from '@weir/media';
import { cut, mediaBytes } from '../cut.testing.ts';
import { frameBytesMax, partHeadBytesMax } from '../limits.ts';
import { MpjpegFramer } from './framer.ts';

const create = (): MpjpegFramer => new MpjpegFramer();
const text = (value: string): Buffer => Buffer.from(value, 'latin1');

/** A JPEG picture as far as its markers go: `value` stands in its scan. */
const picture = (value: number): Buffer =>
  Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0x0a, 0x2d, 0xff, 0xda, 0, 2, value, 0xff, 0, 0xff, 0xd0, 0x0d, 0x0a, 0xff, 0xd9]);
const type = 'Content-Type: image/jpeg\r\n';
const pictureBytes = picture(0).length;

function part(boundary: string, head: string, body: Uint8Array): Buffer {
  return Buffer.concat([text(`--${boundary}\r\n${head}\r\n`), body]);
}
/** A part with a Content-Length, and its bytes. */
const sized = (value: number, boundary = 'frame'): Buffer => part(boundary, `${type}Content-Length: ${pictureBytes}\r\n`, picture(value));
const sizedBytes = sized(0).length;
const unsized = (value: number): Buffer => part('frame', type, picture(value));
const unsizedBytes = unsized(0).length;
const lineEnd = text('\r\n');

const preamble = text('HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=--frame\r\nContent-Length: 3\r\n\r\n\r\n');

const cases: readonly {
  readonly name: string;
  readonly input: readonly Uint8Array[];
  readonly words: readonly string[];
  readonly skipped?: number;
  readonly left?: number;
}[] = [
  {
    name: 'cuts at boundary lines, line ends between parts on their own',
    input: [sized(1), lineEnd, sized(2), lineEnd],
    words: ['init', `ra:${sizedBytes}@-`, 'delta:2@-', `ra:${sizedBytes}@-`, 'delta:2@-'],
  },
  {
    name: 'finds the end of a picture without a length by its markers',
    input: [unsized(1), lineEnd, unsized(2)],
    words: ['init', `ra:${unsizedBytes}@-`, 'delta:2@-', `ra:${unsizedBytes}@-`],
  },
  {
    name: 'takes parts that follow each other without a line end',
    input: [sized(1), sized(2), unsized(3), unsized(4)],
    words: ['init', `ra:${sizedBytes}@-`, `ra:${sizedBytes}@-`, `ra:${unsizedBytes}@-`, `ra:${unsizedBytes}@-`],
  },
  {
    name: 'skips a preamble, even one that names the boundary',
    input: [preamble, sized(1)],
    words: ['init', `ra:${sizedBytes}@-`],
    skipped: preamble.length,
  },
  { name: 'skips garbage before a boundary that does not begin a line', input: [text('\x00\xff--\x00'), sized(1)], words: ['init', `ra:${sizedBytes}@-`], skipped: 5 },
  {
    name: 'goes on after a length too small, and does not believe the next one',
    input: [part('frame', `${type}Content-Length: ${pictureBytes - 2}\r\n`, picture(1)), lineEnd, part('frame', `${type}Content-Length: 99\r\n`, picture(2)), lineEnd],
    words: ['init', `ra:${sizedBytes - 2}@-`, `ra:${sizedBytes}@-`, 'delta:2@-'],
    skipped: 4,
  },
  {
    name: 'goes on after a length too large',
    input: [part('frame', `${type}Content-Length: ${pictureBytes + 4}\r\n`, picture(1)), lineEnd, sized(2), lineEnd, sized(3)],
    words: ['init', `ra:${sizedBytes + 4}@-`, `ra:${sizedBytes}@-`],
    skipped: sizedBytes,
  },
  {
    name: 'ends a damaged picture without a length at the next boundary',
    input: [part('frame', type, text('\xff\xd8 not a picture --frames \n--frames\r\n')), lineEnd, sized(2)],
    words: ['init', `ra:${unsizedBytes - pictureBytes + 37}@-`, 'delta:2@-', `ra:${sizedBytes}@-`],
  },
  {
    name: 'passes parts of another type as deltas',
    input: [sized(1), lineEnd, part('frame', 'Content-Type: text/plain\r\n', text('hello\n')), lineEnd, part('frame', 'Content-Type: text/plain\r\nContent-Length: 2\r\n', text('hi')), lineEnd, sized(2)],
    words: ['init', `ra:${sizedBytes}@-`, 'delta:2@-', 'delta:43@-', 'delta:2@-', 'delta:58@-', 'delta:2@-', `ra:${sizedBytes}@-`],
  },
  { name: 'has no init before the first picture', input: [part('frame', 'Content-Type: text/plain\r\nContent-Length: 2\r\n', text('hi'))], words: [], skipped: 57, left: 1 },
  { name: 'takes a part without a type for what its body is', input: [sized(1), text('--frame\r\n\r\n'), picture(2), text('--frame\r\n\r\nab\r\n--frame')], words: ['init', `ra:${sizedBytes}@-`, `ra:${pictureBytes + 11}@-`], left: 22 },
  { name: 'makes a new init when the boundary changes', input: [sized(1), lineEnd, sized(2, 'other')], words: ['init', `ra:${sizedBytes}@-`, 'delta:2@-', 'init', `ra:${sizedBytes}@-`] },
  { name: 'skips a closing boundary', input: [sized(1), lineEnd, text('--frame--\r\n'), sized(2)], words: ['init', `ra:${sizedBytes}@-`, 'delta:2@-', `ra:${sizedBytes}@-`], skipped: 11 },
  { name: 'takes bare line feeds', input: [text(`--f\nContent-Type: image/jpeg\nContent-Length: ${pictureBytes}\n\n`), picture(1), text('\n')], words: ['init', `ra:${pictureBytes + 49}@-`, 'delta:1@-'] },
  { name: 'tells the time of X-Timestamp', input: [part('frame', `${type}X-Timestamp: 12.345678\r\n`, picture(1))], words: ['init', `ra:${unsizedBytes + 24}@12.345678`] },
  { name: 'reports a part cut short', input: [sized(1), lineEnd, sized(2).subarray(0, 70)], words: ['init', `ra:${sizedBytes}@-`, 'delta:2@-'], left: 70 },
];
for (const { name, input, words, skipped = 0, left = 0 } of cases) {
  test(`mpjpeg: ${name}`, () => {
    const result = cut(create, Buffer.concat(input));
    assert.deepEqual(result.words, words);
    assert.deepEqual([result.skippedBytes, result.left], [skipped, left]);
  });
}

test('mpjpeg: sends a part at once, before the line end and the next boundary', () => {
  for (const input of [sized(1), unsized(1)]) {
    const framer = create();
    const kinds: string[] = [];
    framer.push(input, (frame) => kinds.push(frame.kind));
    assert.deepEqual(kinds, ['init', 'random-access']);
  }
});

test('mpjpeg: names the boundary in the type, its own dashes kept, and has an empty init', () => {
  const { frames } = cut(create, sized(1, '--my boundary'));
  const init = frames[0];
  assert.deepEqual(init, { kind: 'init', format: 'mpjpeg', contentType: 'multipart/x-mixed-replace; boundary="--my boundary"', payload: new Uint8Array(0) });
});

test('mpjpeg: skips a part whose length is beyond the limit, and what would be a head beyond it', () => {
  const large = part('frame', `${type}Content-Length: ${frameBytesMax}\r\n`, picture(1));
  const endless = text(`--frame\r\n${'X-Filler: y\r\n'.repeat(partHeadBytesMax / 13)}`);
  const result = cut(create, Buffer.concat([sized(0), large, endless, sized(2)]));
  assert.deepEqual(mediaBytes(result), Buffer.concat([sized(0), sized(2)]));
  assert.equal(result.skippedBytes, large.length + endless.length);
});

test('mpjpeg: skips a part without an end when it exceeds the limit', () => {
  const framer = create();
  const frames: Frame[] = [];
  const emit = (frame: Frame): number => frames.push(frame);
  framer.push(sized(1), emit);
  framer.push(part('frame', type, Buffer.from([0xff, 0xd8, 0xff, 0xda, 0, 2])), emit);
  for (let mebibytes = 0; mebibytes <= frameBytesMax / 2 ** 20; mebibytes++) framer.push(new Uint8Array(2 ** 20), emit);
  framer.push(sized(2), emit);
  assert.deepEqual(frames.map(({ kind }) => kind), ['init', 'random-access', 'random-access']);
  assert.ok(framer.faults.skippedBytes > frameBytesMax);
});

test('mpjpeg: garbage over several chunks is searched where it lies', () => {
  const framer = create();
  const frames: Frame[] = [];
  const last = Buffer.concat([Buffer.alloc(50_000), sized(1)]);
  for (const chunk of [Buffer.alloc(50_000), Buffer.alloc(50_000, 0xff), last]) framer.push(chunk, (frame) => frames.push(frame));
  assert.deepEqual(frames.map(({ kind }) => kind), ['init', 'random-access']);
  assert.equal(frames[1]?.payload.buffer, last.buffer);
});

const boundaries: readonly [what: string, bytes: Uint8Array][] = [
  ['dashes', Buffer.alloc(2 ** 20, 0x2d)],
  ['header lines that name boundaries', Buffer.alloc(2 ** 20, 'A:--b\n')],
  ['header lines up to one that is none', Buffer.alloc(2 ** 20, `--x\n${'A:--b\n'.repeat(1000)}\0\n`)],
];
for (const [what, bytes] of boundaries) {
  test(`mpjpeg: reads ${what} about once, however many may begin a part`, () => {
    const framer = create();
    const frames: Frame[] = [];
    const started = performance.now();
    for (let at = 0; at < bytes.length; at += 2 ** 16) framer.push(bytes.subarray(at, at + 2 ** 16), (frame) => frames.push(frame));
    assert.ok(performance.now() - started < 2000);
    framer.push(Buffer.concat([text('\n'), sized(1)]), (frame) => frames.push(frame));
    assert.deepEqual(frames.map(({ kind }) => kind), ['init', 'random-access']);
  });
}
