import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { Gathering } from './gathering.ts';

describe('gathering', () => {
  /** Frames, one every so many milliseconds, on a clock that the test turns; gives when they left. */
  function play({ mock }: TestContext, gatherMillis: number, everyMillis: number, count: number): number[] {
    let now = 1000;
    mock.timers.enable({ apis: ['setTimeout'] });
    mock.method(performance, 'now', () => now);
    const left: number[] = [];
    const gathering = new Gathering(() => left.push(now - 1000));
    const turn = (millis: number): void => {
      for (let each = 0; each < millis; each++) {
        now++;
        mock.timers.tick(1);
      }
    };
    for (let frame = 0; frame < count; frame++) {
      gathering.came(gatherMillis);
      turn(everyMillis);
    }
    turn(1000);
    gathering.close();
    return left;
  }

  it('lets each frame go at once where nothing is to be gathered', (context) => assert.deepEqual(play(context, 0, 26, 4), [0, 26, 52, 78]));

  it('lets frames wait for the one that comes when the time is over', (context) => assert.deepEqual(play(context, 60, 26, 10), [0, 78, 156, 234]));

  it('keeps none longer than that where no other comes', (context) => assert.deepEqual(play(context, 60, 26, 3), [0, 86]));

  it('costs nothing where frames are further apart', (context) => assert.deepEqual(play(context, 60, 100, 3), [0, 100, 200]));
});
