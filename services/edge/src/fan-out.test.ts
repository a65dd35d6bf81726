import assert from 'node:assert/strict';
import test from 'node:test';
import { FanOut } from './fan-out.ts';

/** A stream whose pass takes so long. */
class Heavy {
  passes = 0;
  announced = 0;
  seen = 0;
  readonly #passMillis: number;

  constructor(passMillis: number) {
    this.#passMillis = passMillis;
  }

  pass(): void {
    this.passes++;
    this.seen = this.announced;
    for (const end = performance.now() + this.#passMillis; performance.now() < end; );
  }
}

/** Announces so many frames, one every so often. */
async function play(fanOut: FanOut, heavy: Heavy, count: number, intervalMillis: number): Promise<void> {
  for (let each = 0; each < count; each++) {
    heavy.announced++;
    fanOut.announce(heavy);
    await new Promise((resolve) => setTimeout(resolve, intervalMillis));
  }
}

test('fan-out: frames that come faster than passes may start leave together, and the last ones leave too', async () => {
  const fanOut = new FanOut();
  const heavy = new Heavy(12);
  await play(fanOut, heavy, 30, 8);
  // Nothing follows: what waits for news goes without it.
  for (const end = performance.now() + 10_000; heavy.seen < 30 && performance.now() < end; ) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(heavy.seen, 30);
  assert.ok(heavy.passes < 30, `${heavy.passes}`);
});

test('fan-out: a stream that costs little is passed for each of its frames', async () => {
  const fanOut = new FanOut();
  const heavy = new Heavy(0);
  for (let each = 0; each < 20; each++) {
    heavy.announced++;
    fanOut.announce(heavy);
    for (const end = performance.now() + 10_000; heavy.seen < heavy.announced && performance.now() < end; ) await new Promise((resolve) => setTimeout(resolve, 1));
    assert.equal(heavy.seen, heavy.announced);
  }
  assert.equal(heavy.passes, 20);
});
