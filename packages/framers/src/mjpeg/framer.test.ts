import assert from 'node:assert/strict';
import test from 'node:test';
import { cut } from '../cut.testing.ts';
import { frameBytesMax } from '../limits.ts';
import { MjpegFramer } from './framer.ts';

const SOI = [0xff, 0xd8];
const EOI = [0xff, 0xd9];
const SOS = [0xff, 0xda, 0, 3, 0xff];
const APP1 = (...data: readonly number[]): number[] => [0xff, 0xe1, 0, data.length + 2, ...data];
const DNL = [0xff, 0xdc, 0, 4, 1, 0];
const thumbnail = [...SOI, ...APP1(1), ...SOS, 1, 2, ...EOI];

const cases: readonly {
  readonly name: string;
  readonly input: readonly (readonly number[])[];
  readonly pictures: readonly number[];
  readonly skipped?: number;
  readonly left?: number;
}[] = [
  { name: 'cuts from SOI to EOI', input: [thumbnail, thumbnail], pictures: [16, 16] },
  { name: 'steps over a thumbnail in a segment', input: [SOI, APP1(...thumbnail), SOS, [1], EOI], pictures: [2 + 20 + 5 + 1 + 2] },
  { name: 'reads over stuffed bytes and restarts in a scan', input: [SOI, SOS, [1, 0xff, 0, 2, 0xff, 0xd0, 3, 0xff, 0xd7, 0xff, 0], EOI], pictures: [20] },
  { name: 'takes several scans, and segments between them', input: [SOI, SOS, [1, 2], DNL, SOS, [3, 4], EOI], pictures: [24] },
  { name: 'takes fill bytes before markers', input: [SOI, [0xff], APP1(7), [0xff, 0xff], SOS, [1, 0xff, 0xff, 0xff, 0xd1, 2, 0xff], EOI], pictures: [24] },
  { name: 'takes a scan without data, and no scan', input: [SOI, SOS, EOI, SOI, APP1(), EOI], pictures: [9, 8] },
  { name: 'skips what stands between pictures', input: [[1, 2, 0xff, 0xd8, 3], thumbnail, [0, 0, 0xff, 0xd9], thumbnail], pictures: [16, 16], skipped: 9 },
  { name: 'goes on with the next picture when one breaks off', input: [SOI, SOS, [1, 2, 3], thumbnail], pictures: [16], skipped: 10 },
  { name: 'skips a picture with a marker that cannot be, thumbnail included', input: [SOI, APP1(...thumbnail), [0xff, 0], thumbnail], pictures: [16], skipped: 24 },
  { name: 'skips a picture with a segment shorter than its length field', input: [SOI, [0xff, 0xe0, 0, 1], thumbnail], pictures: [16], skipped: 6 },
  { name: 'reports a picture cut short', input: [thumbnail, thumbnail.slice(0, 15)], pictures: [16], left: 15 },
  { name: 'waits for a segment that has not come', input: [SOI, [0xff, 0xe0, 0xff, 0xff, 1]], pictures: [], left: 7 },
];
for (const { name, input, pictures, skipped = 0, left = 0 } of cases) {
  test(`mjpeg: ${name}`, () => {
    const result = cut(() => new MjpegFramer(), Uint8Array.from(input.flat()));
    assert.deepEqual(result.words, [...(pictures.length > 0 ? ['init'] : []), ...pictures.map((bytes) => `ra:${bytes}@-`)]);
    assert.deepEqual([result.skippedBytes, result.left], [skipped, left]);
  });
}

test('mjpeg: skips a picture beyond the limit and finds the next', () => {
  const framer = new MjpegFramer();
  const kinds: string[] = [];
  framer.push(Uint8Array.from([...SOI, ...SOS]), () => {});
  for (let mebibytes = 0; mebibytes <= frameBytesMax / 2 ** 20; mebibytes++) framer.push(new Uint8Array(2 ** 20), ({ kind }) => kinds.push(kind));
  framer.push(Uint8Array.from([...EOI, ...thumbnail]), ({ kind }) => kinds.push(kind));
  assert.deepEqual(kinds, ['init', 'random-access']);
  assert.equal(framer.faults.skippedBytes, 7 + frameBytesMax + 2 ** 20 + 2);
});

test('mjpeg: garbage over several chunks is searched where it lies', () => {
  const framer = new MjpegFramer();
  const shared: boolean[] = [];
  const last = Uint8Array.from([...new Uint8Array(50_000), ...thumbnail]);
  for (const chunk of [new Uint8Array(50_000), new Uint8Array(50_000).fill(0xff), last]) framer.push(chunk, ({ payload }) => shared.push(payload.buffer === last.buffer));
  assert.deepEqual(shared, [false, true]);
});
