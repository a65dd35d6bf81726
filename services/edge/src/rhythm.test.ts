import assert from 'node:assert/strict';
import test from 'node:test';
import { Rhythm } from './rhythm.ts';

test('rhythm: nothing is known before the second burst', () => {
  const rhythm = new Rhythm();
  assert.equal(rhythm.intervalMillis, null);
  rhythm.came(100);
  assert.equal(rhythm.intervalMillis, null);
  rhythm.came(140);
  assert.equal(rhythm.intervalMillis, 40);
});

for (const { name, times, least, most } of [
  { name: 'parts of a burst count once', times: (count: number) => Math.floor(count / 3) * 40 + (count % 3), least: 30, most: 41 },
  { name: 'a rate that falls is followed', times: (count: number) => (count < 50 ? count * 10 : 500 + (count - 50) * 100), least: 95, most: 100 },
  { name: 'a rate that rises is followed', times: (count: number) => (count < 50 ? count * 100 : 5000 + (count - 50) * 5), least: 4, most: 21 },
  { name: 'one long silence is not taken for the rate', times: (count: number) => count * 40 + (count >= 275 ? 60_000 : 0), least: 39, most: 46 },
]) {
  test(`rhythm: ${name}`, () => {
    const rhythm = new Rhythm();
    for (let count = 0; count < 300; count++) rhythm.came(times(count));
    const interval = rhythm.intervalMillis ?? 0;
    assert.ok(interval >= least && interval <= most, `${interval}`);
  });
}
