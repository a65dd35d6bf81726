import assert from 'node:assert/strict';
import test from 'node:test';
import { FanOut } from './fan-out.ts';

/** A stream whose pass takes so long. */
class Heavy {
  passes = 0;
  announced = 0;
  seen = 0;
  /** Passes that leave something for another one. */
  more = 0;
  readonly #passMillis: number;

  constructor(passMillis: number) {
    this.#passMillis = passMillis;
  }

  pass(): boolean {
    this.passes++;
    this.seen = this.announced;
    for (const end = performance.now() + this.#passMillis; performance.now() < end; );
    return --this.more >= 0;
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

test('fan-out: what one pass leaves the next one takes, without news, and others have their turn between', async () => {
  const fanOut = new FanOut();
  const [heavy, light] = [new Heavy(3), new Heavy(0)];
  heavy.more = 10;
  fanOut.announce(heavy);
  light.announced = 1;
  setImmediate(() => fanOut.announce(light));
  let passesBefore = 0;
  for (const end = performance.now() + 10_000; heavy.passes < 11 && performance.now() < end; ) {
    await new Promise((resolve) => setImmediate(resolve));
    if (light.seen === 0) passesBefore = heavy.passes;
  }
  assert.equal(heavy.passes, 11);
  assert.ok(light.seen === 1 && passesBefore < 11, `${passesBefore}`);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(heavy.passes, 11);
});
