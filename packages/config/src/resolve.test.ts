import assert from 'node:assert/strict';
import test from 'node:test';
import { configurationOf, parseConfiguration } from './load.ts';
import { problemLines, resolved } from './problem-lines.ts';
import { ConfigurationError } from './problem.ts';
import type { Configuration, EdgeConfiguration, FeedConfiguration, StreamConfiguration } from './configuration.ts';

/** A feed of `cat x` with every default. */
const feed = (name: string, changes: Partial<FeedConfiguration> = {}): FeedConfiguration => ({
  name,
  source: { kind: 'command', command: { argv: ['cat', 'x'] }, feeds: [] },
  active: { mode: 'on-demand', lingerMillis: 0 },
  restart: true,
  stallMillis: 10_000,
  startTimeoutMillis: 10_000,
  graceMillis: 30_000,
  onEnd: 'restart',
  format: null,
  blockBytes: 1,
  program: null,
  on: [],
  fallback: [],
  ...changes,
});

/** A stream of the feed `f` with every default. */
const stream = (name: string, changes: Partial<StreamConfiguration> = {}): StreamConfiguration => ({
  name,
  feed: 'f',
  otherFeeds: [],
  fallback: [],
  encode: null,
  on: null,
  client: 'shared', type: 'stream',
  path: `/${name}`,
  format: null,
  blockBytes: 1,
  contentType: null,
  startTimeoutMillis: 10_000,
  graceMillis: 30_000,
  stallMillis: 10_000,
  maxLagMillis: 10_000,
  gatherMillis: 0,
  slow: 'skip',
  join: { mode: 'keyframe' },
  listenersMax: null,
  bitsPerSecondMax: null,
  overflow: null,
  bytesMax: null,
  durationMillisMax: null,
  title: null,
  description: null,
  genre: null,
  homepage: null,
  access: null,
  ...changes,
});

const edge: EdgeConfiguration = { listenersMax: null, bitsPerSecondMax: null, busyAt: 0.9, trustedProxies: [], proxyProtocol: false, url: null };

const configuration = (feeds: readonly FeedConfiguration[], streams: readonly StreamConfiguration[], changes: Partial<Configuration> = {}): Configuration => ({
  listen: '127.0.0.1:8090',
  tls: null,
  feeds: Object.fromEntries(feeds.map((one) => [one.name, one])),
  streams: Object.fromEntries(streams.map((one) => [one.name, one])),
  masters: [],
  edge,
  admin: { tokenHash: null },
  access: { listeners: null, htpasswd: {}, keys: {} },
  ...changes,
});

const cases: readonly { name: string; text: string; configuration: Configuration }[] = [
  { name: 'takes a program of several', text: 'feeds: { f: { command: cat x, program: 7 } }\nstreams: { s: { feed: f } }', configuration: configuration([feed('f', { program: 7 })], [stream('s')]) },
  { name: 'fills in defaults', text: 'feeds: { f: { command: cat x } }\nstreams: { s: { feed: f } }', configuration: configuration([feed('f')], [stream('s')]) },
  {
    name: 'takes every key of a feed',
    text: `
feeds:
  f: { command: [cat, x], active: 20s, restart: false, stall: 1m, start_timeout: 2, grace: 0, on_end: end, format: ts }
  g: { file: /a b.raw, active: continuous, on_end: loop, format: raw, block_bytes: 1KiB }
  h: { command: "cat {in} {out}", feed: g, active: on-demand }
  i: { file: "-" }
streams: { s: { feed: f } }`,
    configuration: configuration(
      [
        feed('f', { active: { mode: 'on-demand', lingerMillis: 20_000 }, restart: false, stallMillis: 60_000, startTimeoutMillis: 2000, graceMillis: 0, onEnd: 'end', format: 'mpegts' }),
        feed('g', { source: { kind: 'file', path: '/a b.raw', pace: null }, active: { mode: 'continuous' }, onEnd: 'loop', format: 'raw', blockBytes: 1024 }),
        feed('h', { source: { kind: 'command', command: { argv: ['cat', 'pipe:0', 'pipe:1'] }, feeds: ['g'] } }),
        feed('i', { source: { kind: 'stdin' } }),
      ],
      [stream('s', { stallMillis: 60_000, startTimeoutMillis: 2000, graceMillis: 0, format: 'mpegts' })],
    ),
  },
  {
    name: 'takes every key of a stream and of the edges',
    text: `
listen: :0
feeds: { f: { command: cat x } }
streams:
  s: { feed: f, path: /, encode: "enc {in} {out}", format: raw, block_bytes: 4, content_type: 'audio/ogg; codecs="opus"', start_timeout: 1s, grace: 2s, stall: 3s, max_lag: 500ms, gather: 60ms, slow: disconnect, join: live }
  t: { feed: f, path: /a/b.c~d_e-f, join: 4s }
  u: { feed: f, max_listeners: 200, max_bandwidth: 1.5Mbit/s, overflow: /s?from=u, max_bytes: 4.02GB, max_duration: 12h, title: "Ünder the $ {1}", description: " a line ", genre: 101.50, homepage: "http://[::1]:80/u" }
edge: { max_listeners: 5000, max_bandwidth: 900000, trusted_proxies: [10.0.0.7, 10.0.0.0/8, fd00::/8], proxy_protocol: true }`,
    configuration: configuration(
      [feed('f')],
      [
        stream('s', {
          path: '/',
          encode: { argv: ['enc', 'pipe:0', 'pipe:1'] },
          format: 'raw',
          blockBytes: 4,
          contentType: 'audio/ogg; codecs="opus"',
          startTimeoutMillis: 1000,
          graceMillis: 2000,
          stallMillis: 3000,
          maxLagMillis: 500,
          gatherMillis: 60,
          slow: 'disconnect',
          join: { mode: 'live' },
        }),
        stream('t', { path: '/a/b.c~d_e-f', join: { mode: 'behind', behindMillis: 4000 } }),
        stream('u', {
          listenersMax: 200,
          bitsPerSecondMax: 1_500_000,
          overflow: '/s?from=u',
          bytesMax: 4_020_000_000,
          durationMillisMax: 43_200_000,
          title: 'Ünder the $ {1}',
          description: 'a line',
          genre: '101.50',
          homepage: 'http://[::1]:80/u',
        }),
      ],
      { listen: ':0', edge: { listenersMax: 5000, bitsPerSecondMax: 900_000, busyAt: 0.9, trustedProxies: ['10.0.0.7', '10.0.0.0/8', 'fd00::/8'], proxyProtocol: true, url: null } },
    ),
  },
  {
    name: 'gives a stream with a command of its own a feed of its name and its values, which others may use',
    text: `
streams:
  other: { feed: own, encode: enc }
  own: { command: cat x, stall: 1s, grace: 2s, start_timeout: 3s, format: raw, block_bytes: 4 }
  encoded: { command: cat x | cat, shell: true, encode: enc, format: mp3 }`,
    configuration: configuration(
      [
        feed('own', { stallMillis: 1000, graceMillis: 2000, startTimeoutMillis: 3000, format: 'raw', blockBytes: 4 }),
        feed('encoded', { source: { kind: 'command', command: { argv: ['/bin/sh', '-c', 'cat x | cat'] }, feeds: [] } }),
      ],
      [
        stream('other', { feed: 'own', encode: { argv: ['enc'] }, stallMillis: 1000, graceMillis: 2000, startTimeoutMillis: 3000 }),
        stream('own', { feed: 'own', stallMillis: 1000, graceMillis: 2000, startTimeoutMillis: 3000, format: 'raw', blockBytes: 4 }),
        stream('encoded', { feed: 'encoded', encode: { argv: ['enc'] }, format: 'mp3' }),
      ],
    ),
  },
  {
    name: 'takes names that look like numbers, booleans and members of objects',
    text: `feeds: { 007: { command: cat x }, true: { command: cat x }, constructor: { command: cat x } }
streams: { a: { feed: 007 }, b: { feed: true }, toString: { feed: constructor } }`,
    configuration: configuration([feed('007'), feed('true'), feed('constructor')], [stream('a', { feed: '007' }), stream('b', { feed: 'true' }), stream('toString', { feed: 'constructor' })]),
  },
  {
    name: 'takes environment variables for values of any type',
    text: 'listen: :${PORT}\nfeeds:\n  f:\n    command: cat x\n    restart: ${NO}\n    grace: ${SECONDS}\nstreams:\n  s:\n    feed: ${FEED:-f}\n    slow: ${SLOW:-disconnect}\n    max_listeners: ${SECONDS}\n    max_bandwidth: ${PORT}000\n    title: ${NO}\n',
    configuration: configuration([feed('f', { restart: false, graceMillis: 5000 })], [stream('s', { graceMillis: 5000, slow: 'disconnect', listenersMax: 5, bitsPerSecondMax: 99_000, title: 'false' })], { listen: ':99' }),
  },
  {
    name: 'counts empty sections as left out',
    text: 'include:\nedge:\nfeeds:\ntemplates: { encoders: , sets: }\nuse:\nstreams: { f: { command: cat x } }',
    configuration: configuration([feed('f')], [stream('f')]),
  },
];
for (const { name, text, configuration: expected } of cases) {
  test(`configuration: ${name}`, () => assert.deepEqual(resolved(text, { PORT: '99', NO: 'false', SECONDS: '5' }), expected));
}

test('configuration: made by a program takes braces, dollars and blanks of arguments as they are once escaped', () => {
  const value = { listen: ':0', streams: { s: { command: ['cat', 'a b', '%{{x}}', '$HOME', '{out}'], path: '/', format: undefined } } };
  const { feeds, streams } = configurationOf(value, 'weir serve');
  assert.deepEqual(feeds['s']?.source, { kind: 'command', command: { argv: ['cat', 'a b', '%{x}', '$HOME', 'pipe:1'] }, feeds: [] });
  assert.equal(streams['s']?.path, '/');
});

test('configuration: made by a program names the program in problems', () => {
  assert.throws(() => configurationOf({ listen: 'x', streams: { s: { command: 'cat' } } }, 'weir serve'), /^ConfigurationError: weir serve listen: expected an address and a port/);
});

test('configuration: problems are values as well as lines', () => {
  assert.throws(
    () => parseConfiguration('streams:\n  s: { feed: came }\nfeeds: { cam: { file: x } }', 'weir.yml', {}),
    (error: unknown) => {
      assert.ok(error instanceof ConfigurationError);
      assert.deepEqual(error.problems, [{ file: 'weir.yml', line: 2, column: 14, path: 'streams.s.feed', message: 'no feed named "came"; did you mean "cam"?' }]);
      return true;
    },
  );
});

test('configuration: of a thousand problems prints two hundred and counts the rest', () => {
  const lines = problemLines(`streams:\n${Array.from({ length: 1000 }, (_, index) => `  s${index}: { feed: nothing }`).join('\n')}`);
  assert.deepEqual([lines.length, lines[199], lines[200]], [201, 'weir.yml:201:17 streams.s199.feed: no feed named "nothing"', 'and 800 more problems']);
});
