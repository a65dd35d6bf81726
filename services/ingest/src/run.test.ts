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
