import assert from 'node:assert/strict';
import test from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createFramer } from '@weir/framers';
import type { StreamFrame } from '@weir/media';
import { Run } from './run.ts';

test('run: its frames are numbered, and share their hidden classes', () => {
  const frames: StreamFrame[] = [];
  const run = new Run(7, createFramer('mp3', { blockBytes: 1 }), (frame) => frames.push(frame));
  // MPEG-1 layer III, 64 kbit/s, 44.1 kHz.
  const silence = Buffer.concat([Buffer.from([0xff, 0xfb, 0x50, 0xc4]), Buffer.alloc(204)]);
  for (let count = 0; count < 400; count++) run.read(silence);
  assert.deepEqual(
    frames.map(({ epoch, sequence }) => `${epoch} ${sequence}`),
    frames.map((_, sequence) => `7 ${sequence}`),
  );
  setFlagsFromString('--allow-natives-syntax');
  const areAlike = runInNewContext('(one, other) => %HaveSameMap(one, other)') as (one: object, other: object) => boolean;
  const classes: StreamFrame[] = [];
  for (const frame of frames) if (!classes.some((each) => areAlike(each, frame))) classes.push(frame);
  assert.ok(frames.length > 300 && classes.length < 10, `${classes.length} classes of ${frames.length} frames`);
});

test('run: a step of the clock makes no frame old', (context) => {
  context.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const captured: number[] = [];
  const run = new Run(7, createFramer('raw', { blockBytes: 1 }), ({ capturedMillis }) => captured.push(capturedMillis));
  run.read(Buffer.alloc(1));
  context.mock.timers.setTime(Date.now() + 3_600_000);
  run.read(Buffer.alloc(1));
  const [before = 0, after = 0] = [captured[0], captured.at(-1)];
  assert.ok(after > before && after - before < 600_000, `${after - before} ms`);
});
