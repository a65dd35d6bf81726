import assert from 'node:assert/strict';
import test from 'node:test';
import { Pacing } from './pacing.ts';

test('pacing: an edge at rest waits for nothing', () => assert.equal(new Pacing(0.5, 50).delayMillis(0), 0));

for (const { utilisation, pass, rest } of [
  { utilisation: 0.5, pass: 10, rest: 10 },
  { utilisation: 0.25, pass: 10, rest: 30 },
  { utilisation: 1, pass: 10, rest: 0 },
  { utilisation: 0.5, pass: 200, rest: 50 },
]) {
  test(`pacing: after a pass of ${pass} ms at utilisation ${utilisation} the next comes ${rest} ms later`, () => {
    const pacing = new Pacing(utilisation, 50);
    pacing.passed(100, 100 + pass);
    assert.equal(pacing.delayMillis(100 + pass), rest);
    assert.equal(pacing.delayMillis(100 + pass + rest / 2), rest / 2);
    assert.equal(pacing.delayMillis(100 + pass + rest + 1), 0);
  });
}

test('pacing: the rest after a pass that was interrupted is spread over its parts, and no longer in all', () => {
  const pacing = new Pacing(0.5, 50);
  pacing.passed(0, 30, false);
  assert.equal(pacing.delayMillis(30), 30);
  pacing.passed(60, 70, false);
  assert.equal(pacing.delayMillis(70), 10);
  pacing.passed(80, 100);
  assert.equal(pacing.delayMillis(100), 10);
  pacing.passed(200, 210);
  assert.equal(pacing.delayMillis(210), 10);
});

test('pacing: a pass of two short parts rests at its end', () => {
  const pacing = new Pacing(0.5, 50);
  pacing.passed(0, 10, false);
  assert.equal(pacing.delayMillis(10), 0);
  pacing.passed(10, 15);
  assert.equal(pacing.delayMillis(15), 15);
});

for (const { passes, interval, patience } of [
  { passes: [10, 10], interval: 40, patience: 0 },
  { passes: [10, 10], interval: null, patience: 0 },
  { passes: [10, 10], interval: 16, patience: 20 },
  { passes: [10, 10], interval: 8, patience: 0 },
  { passes: [4, 10], interval: 16, patience: 0 },
  { passes: [10, 4], interval: 16, patience: 0 },
]) {
  test(`pacing: with passes of ${passes.join(' and ')} ms, frames wait ${patience} ms more for those that come every ${interval} ms`, () => {
    const pacing = new Pacing(0.5, 50);
    for (const pass of passes) pacing.passed(0, pass);
    assert.equal(pacing.patienceMillis(interval), patience);
  });
}
