import assert from 'node:assert/strict';
import test from 'node:test';
import { mayMeet, PushPatterns, sourceIn } from './patterns.ts';
import { problemLines, resolved } from './problem-lines.ts';

const configuration = resolved(`
feeds:
  live: { push: "/live/*.mp3", source: open, max_sources: 7, grace: 5s }
  tone: { feed: live, command: "louder {in} {out}" }
  fixed: { command: cat }
streams:
  live: { feed: live, path: "/live/*.mp3", fallback: jingle.mp3 }
  low: { feed: tone, path: "/low/*.mp3", encode: "lame {in} {out}", grace: 9s }
  fixed: { feed: fixed, path: /live/news.mp3 }`);
const patterns = new PushPatterns(configuration);
const [pattern] = patterns.all;
assert.ok(pattern);

test('patterns: a source makes copies of all that runs together with its feed, and the patterns themselves do not run', () => {
  const { feeds, streams } = patterns.with(['live/anna', 'live/b.2', 'live/../x', 'live/', 'fixed/x', 'nobody/x']);
  assert.deepEqual(Object.keys(feeds), ['fixed', 'live/anna', 'live.fallback-1/anna', 'tone/anna', 'live/b.2', 'live.fallback-1/b.2', 'tone/b.2']);
  assert.deepEqual(Object.keys(streams), ['fixed', 'live/anna', 'low/anna', 'live/b.2', 'low/b.2']);
  const [live, tone, low] = [feeds['live/anna'], feeds['tone/anna'], streams['low/anna']];
  assert.deepEqual([live?.name, live?.source.kind === 'push' && live.source.path], ['live/anna', '/live/anna.mp3']);
  assert.deepEqual(tone?.source.kind === 'command' && tone.source.feeds, ['live/anna']);
  assert.deepEqual([low?.name, low?.feed, low?.path, streams['live/anna']?.fallback], ['low/anna', 'tone/anna', '/low/anna.mp3', ['live.fallback-1/anna']]);
  assert.deepEqual(Object.keys(patterns.with([]).streams), ['fixed']);
});

test('patterns: know their bounds, and what a stream comes from', () => {
  assert.deepEqual([pattern.feed, pattern.path, pattern.sourcesMax, pattern.graceMillis], ['live', '/live/*.mp3', 7, 9000]);
  assert.deepEqual(['live/anna', 'low/anna', 'fixed', 'live', 'fixed/x'].map((stream) => patterns.sourceOf(stream)), ['live/anna', 'live/anna', null, null, null]);
  assert.deepEqual(['live/anna', 'live', 'tone/anna', 'live/.x'].map((name) => patterns.isSource(name)), [true, false, false, false]);
  assert.deepEqual(['/live/x.mp3', '/low/x.mp3', '/live/x', '/fixed'].map((path) => patterns.mayServe(path)), [true, true, false, false]);
});

test('patterns: a source cannot have a name whose paths are taken', () => {
  assert.equal(patterns.whyNot(pattern, 'anna'), null);
  assert.equal(patterns.whyNot(pattern, 'news'), 'stream "fixed" is at "/live/news.mp3"');
  const anywhere = new PushPatterns(resolved('feeds: { any: { push: "/*", source: open } }\nstreams: { any: { feed: any, path: "/*" } }'));
  const [any] = anywhere.all;
  assert.ok(any);
  assert.deepEqual(['stat', 'a.m3u', 'stream', 'x'].map((name) => anywhere.whyNot(any, name) === null), [false, false, false, true]);
});

for (const [path, source] of [
  ['/live/anna.mp3', 'anna'],
  ['/live/a-b_c.d.mp3', 'a-b_c.d'],
  [`/live/${'x'.repeat(64)}.mp3`, 'x'.repeat(64)],
  [`/live/${'x'.repeat(65)}.mp3`, null],
  ['/live/.mp3', null],
  ['/live/.x.mp3', null],
  ['/live/../x.mp3', null],
  ['/live/a/b.mp3', null],
  ['/live/%61.mp3', null],
  ['/live/a b.mp3', null],
  ['/live/ü.mp3', null],
  ['/live/*.mp3', null],
  ['/live/anna.ogg', null],
  ['/live.mp3', null],
] as const) {
  test(`patterns: ${path.slice(0, 40)} has ${source === null ? 'no source' : 'a source'}`, () => assert.equal(sourceIn('/live/*.mp3', path), source));
}

for (const [one, other, meets] of [
  ['/live/*', '/live/*.mp3', true],
  ['/live/*', '/live/x*', true],
  ['/*', '/x*.mp3', true],
  ['/a*', '/b*', false],
  ['/*.mp3', '/*.ogg', false],
  ['/*', '/live/*', false],
  ['/*/a', '/x/*', true],
  ['/*/a', '/x/*/a', false],
] as const) {
  test(`patterns: ${one} and ${other} ${meets ? 'have' : 'have no'} path in common`, () => {
    assert.deepEqual([mayMeet(one, other), mayMeet(other, one)], [meets, meets]);
  });
}

test('patterns: what does not go together is told where it stands', () => {
  const text = `
feeds:
  live: { push: "/live/*", source: open }
  more: { push: "/live/*.mp3", source: open }
  solo: { push: /solo, source: open, max_sources: 3 }
  many: { push: "/many/*", source: open, max_sources: 0 }
  both: { push: "/a*b*", source: open }
  safe: { push: "/safe/*", source: open, fallback: other }
  other: { push: /other, source: open }
streams:
  live: { feed: live }
  more: { feed: more, path: "/more/*" }
  again: { feed: more, path: "/more/x*" }
  solo: { feed: solo, path: "/solo/*" }
  safe: { feed: safe, path: "/safe/*" }
  far: { feed: live, path: "/far/*", encode: cat, on: gpu }`;
  const url = 'expected a URL path: "/" and then at most 199 letters, digits, ".", "_", "~", "-" and "/", perhaps one "*", without "//", ".", ".." or a "/" at the end';
  assert.deepEqual(problemLines(text), [
    'weir.yml:4:17 feeds.more.push: some paths are those of feed "live" as well',
    'weir.yml:5:38 feeds.solo.max_sources: counts only with a "*" in push',
    'weir.yml:6:55 feeds.many.max_sources: expected a number of sources from 1 to 1000, got 0',
    `weir.yml:7:17 feeds.both.push: ${url}, got "/a*b*"`,
    'weir.yml:9:18 feeds.other.push: it runs together with feed "safe", which has many sources: there cannot be one of it for each',
    'weir.yml:11:3 streams.live: needs a path with a "*", such as "/live/*": it runs together with feed "live", which has many sources',
    'weir.yml:13:30 streams.again.path: some paths are those of stream "more" as well',
    'weir.yml:16:55 streams.far.on: its encoder runs where feed "live" does, which has many sources: leave "on" out',
  ]);
});

test('patterns: a star without a feed that has many sources is told', () => {
  assert.deepEqual(problemLines('streams: { s: { command: cat, path: "/s/*" } }'), [
    'weir.yml:1:37 streams.s.path: has a "*", which stands for the names of sources: none of its feeds has one in its push',
  ]);
});
