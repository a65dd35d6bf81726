import assert from 'node:assert/strict';
import test from 'node:test';
import { SampleClock } from './sample-clock.ts';

test('sample clock: no error adds up over a day of frames', () => {
  const clock = new SampleClock();
  const frames = Math.round((24 * 3600 * 44_100) / 1152);
  for (let frame = 0; frame < frames; frame++) clock.count(1152, 44_100);
  assert.equal(clock.count(1152, 44_100), Math.round((frames * 1152 * 1_000_000) / 44_100));
});

test('sample clock: goes on at another rate where the one before ended', () => {
  const clock = new SampleClock();
  const rates = [48_000, 24_000, 24_000, 48_000];
  assert.deepEqual(rates.map((rate) => clock.count(48_000, rate)), [0, 1_000_000, 3_000_000, 5_000_000]);
});
