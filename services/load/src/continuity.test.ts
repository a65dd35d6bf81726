import assert from 'node:assert/strict';
import test from 'node:test';
import { ContinuityCheck } from './continuity.ts';

const around = { nowNanos: () => 0n, onDelay: () => {} };

/** MPEG-1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes. */
const frame = Buffer.alloc(417);
frame.set([0xff, 0xfb, 0x90, 0x64]);
const frames = (count: number): Buffer => Buffer.concat(Array.from({ length: count }, () => frame));

const cases: readonly { name: string; bytes: readonly Buffer[]; gaps: number; skips: boolean; isUnreadable?: boolean }[] = [
  { name: 'finds nothing in whole frames', bytes: [frames(20)], gaps: 0, skips: false },
  { name: 'lets a listener start amid a frame', bytes: [frame.subarray(100), frames(20)], gaps: 0, skips: false },
  { name: 'counts each place where something is missing', bytes: [frames(10), frame.subarray(300), frames(10), frame.subarray(0, 200), frames(10)], gaps: 2, skips: true },
  { name: 'counts what nothing follows', bytes: [frames(10), Buffer.alloc(5000)], gaps: 1, skips: true },
  { name: 'tells when nothing is what it should be', bytes: [Buffer.alloc(300_000)], gaps: 0, skips: false, isUnreadable: true },
  { name: 'waits before it tells so', bytes: [Buffer.alloc(30_000)], gaps: 0, skips: false },
];
for (const { name, bytes, gaps, skips, isUnreadable } of cases) {
  test(`continuity: ${name}`, () => {
    const check = ContinuityCheck.of('audio/mpeg', around);
    assert.ok(check !== null);
    for (const piece of bytes) check.push(piece);
    assert.deepEqual([check.format, check.gaps, check.isUnreadable], ['mp3', gaps, isUnreadable ?? false]);
    assert.equal(check.skippedBytes > 0, skips);
  });
}

const unknown: readonly (string | null)[] = [null, 'text/html; charset=utf-8', 'application/octet-stream', ''];
for (const contentType of unknown) {
  test(`continuity: has nothing to look for in ${contentType}`, () => assert.equal(ContinuityCheck.of(contentType, around), null));
}
