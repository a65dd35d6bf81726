import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { configurationOf, escapePlaceholders } from '@weir/config';
import { TestIngest } from './test-ingest.ts';

/** Writes `letter` in blocks of 16 while the file `gate` says `open`, and ends, saying so, while it says `gone`. */
const gated = (letter: string, gate: string): string[] => [
  'node',
  '-e',
  escapePlaceholders(`const { readFileSync } = require('fs');
   setInterval(() => { const state = readFileSync(${JSON.stringify(gate)}, 'utf8'); if (state === 'gone') process.exit(1); if (state === 'open') process.stdout.write('${letter}'.repeat(16)); }, 20)`),
];

describe('a feed with fallbacks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-fallback-'));
  const set = (feed: string, state: 'open' | 'shut' | 'gone'): void => writeFileSync(join(folder, feed), state);
  let ingest: TestIngest;
  before(async () => {
    for (const feed of ['a', 'b', 'c']) set(feed, 'open');
    const feeds = Object.fromEntries(['a', 'b', 'c'].map((feed) => [feed, { command: gated(feed, join(folder, feed)), format: 'raw', block_bytes: 16 }]));
    ingest = await TestIngest.start(configurationOf({ feeds, streams: { s: { feed: 'a', fallback: ['b', 'c'], path: '/s' } } }, 'test'));
  });
  after(async () => {
    await ingest.close();
    rmSync(folder, { recursive: true });
  });

  it('gives the feed, and starts no fallback, while the feed is on', async () => {
    ingest.demand('s', 1);
    await ingest.gets('s', 'a');
    assert.deepEqual(ingest.moods(), { a: 'happy', b: 'sleeping', c: 'sleeping' });
  });

  it('gives the first fallback that has something when the feed dies', async () => {
    set('a', 'gone');
    await ingest.gets('s', 'b');
    set('b', 'gone');
    await ingest.gets('s', 'c');
  });

  it('gives a fallback when the feed falls silent', async () => {
    set('b', 'open');
    await ingest.gets('s', 'b', 15_000);
    set('a', 'open');
    await ingest.gets('s', 'a', 60_000);
    await ingest.until('the fallbacks rest', () => ingest.moods()['b'] === 'sleeping' && ingest.moods()['c'] === 'sleeping');
    set('a', 'shut');
    await ingest.gets('s', 'b');
  });

  it('numbers its frames without a gap, in a new epoch for each change', () => {
    const { frames } = ingest.published('s');
    const epochs = new Set(frames.map(({ epoch }) => epoch));
    assert.ok(epochs.size >= 5);
    frames.slice(1).forEach((frame, index) => {
      const before = frames[index] ?? assert.fail();
      if (frame.epoch === before.epoch) assert.equal(frame.sequence, before.sequence + 1);
      else assert.ok(frame.epoch > before.epoch && frame.sequence === 0 && frame.kind === 'init', `${frame.kind} ${frame.sequence} after epoch ${before.epoch}`);
    });
  });

  it('sleeps with all of them when nobody listens', async () => {
    ingest.demand('s', 0);
    await ingest.until('all sleep', () => Object.values(ingest.moods()).every((mood) => mood === 'sleeping'));
  });
});
