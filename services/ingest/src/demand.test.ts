import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { configurationOf } from '@weir/config';
import { TestIngest } from './test-ingest.ts';

/** Prints the time, in milliseconds and 16 digits, fifty times a second. */
const clock = ['node', '-e', "setInterval(() => process.stdout.write(String(Date.now()).padStart(16, '0')), 20)"];

describe('an ingest that is asked for a stream', () => {
  let ingest: TestIngest;
  before(async () => {
    const source = { feeds: { clock: { command: clock, format: 'raw', block_bytes: 16 } }, streams: { s: { feed: 'clock', path: '/clock' } } };
    ingest = await TestIngest.start(configurationOf(source, 'test'));
  });
  after(() => ingest.close());

  const mood = (): string | undefined => ingest.moods()['clock'];
  const becomes = (wanted: string | undefined): Promise<void> => ingest.until(`the clock is ${wanted}`, () => mood() === wanted);

  it('runs it until the last edge says that nobody listens', async () => {
    ingest.demand('s', 1);
    ingest.demand('s', 2, 'edge-2');
    await becomes('happy');
    ingest.demand('s', 0);
    await pause(100);
    assert.equal(mood(), 'happy');
    ingest.demand('s', 0, 'edge-2');
    await becomes('sleeping');
  });

  it('does not start it for an edge that changed its mind at once', async () => {
    await becomes(undefined);
    ingest.demand('s', 1);
    ingest.demand('s', 0);
    await pause(1500);
    assert.ok(mood() === 'sleeping' || mood() === undefined, mood());
  });

  it('takes no request for a snapshot for a listener', async () => {
    ingest.demand('s', 1);
    await becomes('happy');
    ingest.demand('s', 0);
    await ingest.snapshot('s');
    await pause(50);
    assert.equal(mood(), 'sleeping');
  });

  it('gives nothing of what was before it slept', async () => {
    ingest.demand('s', 1);
    await becomes('happy');
    ingest.demand('s', 0);
    await becomes('sleeping');
    assert.deepEqual(await ingest.snapshot('s'), []);
    const asked = Date.now();
    ingest.demand('s', 1);
    await becomes('happy');
    const media = await ingest.snapshot('s');
    assert.ok(media.length > 0);
    assert.ok(Number(media[0]?.slice(0, 16)) >= asked, `${media[0]} is from before ${asked}`);
    ingest.demand('s', 0);
  });
});
