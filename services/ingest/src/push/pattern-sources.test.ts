import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { parseConfiguration } from '@weir/config';
import type { Configuration } from '@weir/config';
import { sourceArrivalMillis } from '../limits.ts';
import { PatternSources } from './pattern-sources.ts';

const read = (text: string): Configuration => parseConfiguration(text, 'weir.yml', {}).configuration;
const base = 'feeds: { live: { push: "/live/*", source: open, max_sources: 2, grace: 9s } }\nstreams: { live: { feed: live, path: "/live/*" } }';

describe('sources of a pattern', () => {
  let occupied: Set<string>;
  let wanted: Set<string>;
  let changes: number;
  let sources: PatternSources;
  beforeEach(() => {
    occupied = new Set();
    wanted = new Set();
    changes = 0;
    sources = new PatternSources({ occupied: (path) => occupied.has(path), wanted: (stream) => wanted.has(stream), onChange: () => changes++ });
    sources.apply(read(base));
  });

  /** Makes the place of a source, and lets it come when `comes`; null: there is a place. */
  const make = (name: string, comes = true): string | null => {
    const refusal = sources.places[0]?.make(name) ?? null;
    if (refusal === null && comes) occupied.add(`/live/${name}`);
    sources.tick(performance.now());
    return refusal === null ? null : `${refusal.status} ${refusal.text}`;
  };

  it('are in the configuration while they are there and for grace after', () => {
    assert.equal(make('anna'), null);
    assert.deepEqual([Object.keys(sources.configuration?.feeds ?? {}), changes], [['live/anna'], 1]);
    occupied.clear();
    const nowMillis = performance.now();
    sources.tick(nowMillis);
    sources.tick(nowMillis + 9000);
    assert.deepEqual(sources.names, ['live/anna']);
    sources.tick(nowMillis + 9001);
    assert.deepEqual([sources.names, changes], [[], 2]);
  });

  it('come back within grace, which begins anew', () => {
    make('anna');
    occupied.clear();
    const nowMillis = performance.now();
    sources.tick(nowMillis);
    occupied.add('/live/anna');
    sources.tick(nowMillis + 8000);
    occupied.clear();
    sources.tick(nowMillis + 16_000);
    sources.tick(nowMillis + 24_000);
    assert.deepEqual(sources.names, ['live/anna']);
  });

  it('are forgotten soon when they never came', () => {
    make('anna', false);
    sources.tick(performance.now() + sourceArrivalMillis + 100);
    assert.deepEqual(sources.names, []);
  });

  it('are as many as the feed allows, where one that has left makes place', () => {
    assert.deepEqual([make('anna'), make('ben')], [null, null]);
    assert.match(make('carl') ?? '', /^503 There are 2 sources already/);
    occupied.delete('/live/anna');
    assert.equal(make('carl'), null);
    assert.deepEqual(sources.names, ['live/ben', 'live/carl']);
  });

  it('stay with a fallback while somebody listens', () => {
    sources.apply(read(base.replace('path: ', 'fallback: [jingle.mp3], path: ')));
    make('anna');
    occupied.clear();
    wanted.add('live/anna');
    const nowMillis = performance.now();
    sources.tick(nowMillis);
    sources.tick(nowMillis + 60_000);
    assert.deepEqual(sources.names, ['live/anna']);
    wanted.clear();
    sources.tick(nowMillis + 60_001);
    assert.deepEqual(sources.names, []);
  });

  it('outlive a reload that leaves them their place', () => {
    make('anna');
    make('ben');
    sources.apply(read(`${base.replace('9s', '8s').replace(' } }', ' }, news: { command: cat } }')}\n`.replace('streams: {', 'streams: { news: { feed: news, path: /live/ben },')));
    assert.deepEqual(sources.names, ['live/anna']);
    sources.apply(read('streams: { s: { command: cat } }'));
    assert.deepEqual([sources.names, sources.possible], [[], false]);
  });
});
