import assert from 'node:assert/strict';
import test from 'node:test';
import { FanOut } from './fan-out.ts';

/** A stream whose pass takes so long; where it is interrupted, the next one goes on. */
class Heavy {
  /** Passes, and those of them that came to an end. */
  passes = 0;
  finished = 0;
  announced = 0;
  seen = 0;
  readonly #passMillis: number;
  #leftMillis = 0;

  constructor(passMillis: number) {
    this.#passMillis = passMillis;
  }

  pass(untilMillis: number): boolean {
    this.passes++;
    if (this.#leftMillis <= 0) this.#leftMillis = this.#passMillis;
    const start = performance.now();
    while (performance.now() < Math.min(start + this.#leftMillis, untilMillis));
    this.#leftMillis -= performance.now() - start;
    if (this.#leftMillis > 0) return true;
    this.finished++;
    this.seen = this.announced;
    return false;
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
  assert.ok(heavy.finished < 30, `${heavy.finished}`);
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

test('fan-out: a pass that takes long is interrupted, and a stream with few listeners does not wait for its end', async () => {
  const fanOut = new FanOut();
  const [heavy, light] = [new Heavy(200), new Heavy(0)];
  heavy.announced = 1;
  fanOut.announce(heavy);
  let passesBefore = 0;
  for (const end = performance.now() + 20_000; heavy.finished < 1 && performance.now() < end; ) {
    await new Promise((resolve) => setImmediate(resolve));
    if (heavy.finished === 0) passesBefore = light.passes;
    if (light.seen < light.announced) continue;
    light.announced++;
    fanOut.announce(light);
  }
  assert.equal(heavy.seen, 1);
  assert.ok(heavy.passes > 3, `${heavy.passes} parts`);
  assert.ok(passesBefore > 3, `${passesBefore} passes before its end`);
});
