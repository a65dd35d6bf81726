import assert from 'node:assert/strict';
import test from 'node:test';
import { multipartType, parseBoundaryLine, type PartHead, readPartField } from './part.ts';

const lines: readonly [line: string, boundary: string | null][] = [
  ['--ffmpeg', 'ffmpeg'],
  ['--frame \t', 'frame'],
  ['----cam', '--cam'],
  [`--${"a'()+_,-./:=?z"}`, "a'()+_,-./:=?z"],
  ['--two words', 'two words'],
  ['--', null],
  ['-frame', null],
  ['--fr\u0000me', null],
  [`--${'a'.repeat(70)}`, 'a'.repeat(70)],
  [`--${'a'.repeat(71)}`, null],
];
for (const [line, boundary] of lines) {
  test(`boundary line: ${JSON.stringify(line)} is ${boundary === null ? 'none' : `of "${boundary}"`}`, () => assert.equal(parseBoundaryLine(line), boundary));
}

const nothing: PartHead = { isJpeg: null, contentLength: null, timeMicros: null };
const fields: readonly [line: string, said: Partial<PartHead> | null][] = [
  ['Content-Type: image/jpeg', { isJpeg: true }],
  ['content-type:IMAGE/JPG;name=x', { isJpeg: true }],
  ['Content-Type: image/pjpeg', { isJpeg: true }],
  ['Content-Type: audio/basic', { isJpeg: false }],
  ['Content-Length: 12', { contentLength: 12 }],
  ['Content-Length: 0', {}],
  ['Content-Length: 99999999999999999999', {}],
  ['Content-Length: 1e3', {}],
  ['X-Timestamp: 1700000000.000042', { timeMicros: 1_700_000_000_000_042 }],
  ['X-Timestamp: 5', { timeMicros: 5_000_000 }],
  ['X-Timestamp: 5.1234567', { timeMicros: 5_123_456 }],
  ['X-Timestamp: now', {}],
  ['X-Other: yes', {}],
  [' continued', {}],
  ['no colon', null],
  [': no name', null],
  ['--other: boundary', null],
  ['', null],
];
for (const [line, said] of fields) {
  test(`part field: ${JSON.stringify(line)} ${said === null ? 'is none' : `says ${JSON.stringify(said)}`}`, () => {
    const head = { ...nothing };
    assert.equal(readPartField(line, head), said !== null);
    assert.deepEqual(head, { ...nothing, ...said });
  });
}

test('multipart type: quotes a boundary that is no token', () => {
  assert.equal(multipartType('--frame_1.2'), 'multipart/x-mixed-replace; boundary=--frame_1.2');
  assert.equal(multipartType('a/b c'), 'multipart/x-mixed-replace; boundary="a/b c"');
});
