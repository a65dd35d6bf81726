import assert from 'node:assert/strict';
import test from 'node:test';
import { FailureLog } from './failure-log.ts';

const minute = 60_000;

/** What is said of failures at these minutes after an arbitrary start. */
function said(minutes: readonly number[]): (string | null)[] {
  const log = new FailureLog();
  return minutes.map((at) => log.failed('it broke', 5_000_000 + at * minute));
}

const cases: readonly { name: string; minutes: readonly number[]; lines: readonly (string | null)[] }[] = [
  { name: 'says the first at once', minutes: [0], lines: ['it broke'] },
  { name: 'is silent within the first minute, then counts', minutes: [0, 0.25, 0.5, 1, 1.5], lines: ['it broke', null, null, 'it broke (3 failures in 1 min)', null] },
  { name: 'speaks at the first failure past a mark', minutes: [0, 4, 9, 12], lines: ['it broke', 'it broke (1 failure in 4 min)', null, 'it broke (2 failures in 8 min)'] },
  { name: 'speaks at 10 and 60 minutes, then every hour', minutes: [0, 1, 10, 59, 60, 119, 120, 179, 180], lines: ['it broke', 'it broke (1 failure in 1 min)', 'it broke (1 failure in 9 min)', null, 'it broke (2 failures in 50 min)', null, 'it broke (2 failures in 1 h)', null, 'it broke (2 failures in 1 h)'] },
  { name: 'speaks once for a mark that nothing fell on', minutes: [0, 200, 230, 240], lines: ['it broke', 'it broke (1 failure in 3 h 20 min)', null, 'it broke (2 failures in 40 min)'] },
];
for (const { name, minutes, lines } of cases) {
  test(`failure log: ${name}`, () => assert.deepEqual(said(minutes), lines));
}

test('failure log: a day of failures every second is 27 lines', () => {
  const minutes = Array.from({ length: 86_400 }, (_, second) => second / 60);
  assert.equal(said(minutes).filter((line) => line !== null).length, 1 + 3 + 22);
});

test('failure log: recovery gives the account and starts anew', () => {
  const log = new FailureLog();
  assert.equal(log.recovered(0), null);
  log.failed('it broke', minute);
  log.failed('it broke', 2 * minute);
  assert.equal(log.recovered(4.5 * minute), 'recovered after 2 failures in 3 min 30 s');
  assert.equal(log.recovered(5 * minute), null);
  assert.equal(log.failed('it broke again', 6 * minute), 'it broke again');
  assert.equal(log.recovered(6 * minute + 500), 'recovered after 1 failure in 500 ms');
});

test('failure log: says the first failure of another kind at once, with those before it; numbers make no kind', () => {
  const log = new FailureLog();
  assert.equal(log.failed('exited with code 1 after 7.3 s', minute), 'exited with code 1 after 7.3 s');
  assert.equal(log.failed('too many open files', minute + 1000), 'too many open files');
  assert.equal(log.failed('exited with code 2 after 0.4 s', minute + 2000), null);
  assert.equal(log.failed('no media for 10 s', minute + 12_000), 'no media for 10 s (2 failures in 11 s)');
  assert.equal(log.failed('too many open files', minute + 13_000), null);
  assert.equal(log.failed('too many open files', 2 * minute), 'too many open files (2 failures in 48 s)');
});

test('failure log: is not flooded by failures that are all of another kind', () => {
  const log = new FailureLog();
  const lines = Array.from({ length: 100 }, (_, index) => log.failed(`it broke ${'x'.repeat(index)}`, minute + index));
  assert.equal(lines.filter((line) => line !== null).length, 8);
});
