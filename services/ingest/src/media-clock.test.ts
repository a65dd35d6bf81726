import assert from 'node:assert/strict';
import test from 'node:test';
import { MediaClock } from './media-clock.ts';

const second = 1_000_000;
const cases: readonly { name: string; told: readonly (readonly [timeMicros: number, nowMillis: number])[]; nowMillis: number; lead: number; still: number }[] = [
  { name: 'a container without time is never ahead and never still', told: [], nowMillis: 60_000, lead: 0, still: 0 },
  { name: 'media as fast as the clock is neither ahead nor behind', told: [[5 * second, 0], [6 * second, 1000], [7 * second, 2000]], nowMillis: 2000, lead: 0, still: 0 },
  { name: 'a file that is read at once is ahead', told: [[0, 0], [3 * second, 10]], nowMillis: 10, lead: 2990, still: 0 },
  { name: 'reordered pictures count once', told: [[0, 0], [second, 0], [second / 2, 0], [2 * second, 0]], nowMillis: 500, lead: 1500, still: 500 },
  { name: 'time that stands still while bytes come is still', told: [[0, 0], [second, 1000], [second, 5000], [second, 9000]], nowMillis: 9000, lead: -8000, still: 8000 },
  { name: 'a file that starts over goes on', told: [[0, 0], [4 * second, 4000], [0, 4040], [second, 5040]], nowMillis: 5040, lead: -40, still: 0 },
  { name: 'a jump forward is no progress, and not still', told: [[0, 0], [3600 * second, 40], [3601 * second, 1040]], nowMillis: 1040, lead: -40, still: 0 },
];
for (const { name, told, nowMillis, lead, still } of cases) {
  test(`media clock: ${name}`, () => {
    const clock = new MediaClock();
    for (const [timeMicros, millis] of told) clock.tell(timeMicros, millis);
    assert.equal(clock.leadMillis(nowMillis), lead);
    assert.equal(clock.stillMillis(nowMillis), still);
  });
}
