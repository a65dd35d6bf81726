import assert from 'node:assert/strict';
import test from 'node:test';
import { hashesOf, hashOf, hashOfMasters, parseConfiguration, PushPatterns, withMirrored } from '@weir/config';
import type { Configuration } from '@weir/config';
import { fleetStatus } from '@weir/telemetry';
import type { EdgeStreamStatus } from '@weir/telemetry';
import { planOf } from './plan.ts';
import type { Running } from './plan.ts';
import { planText } from './plan-text.ts';

const base = `
listen: 127.0.0.1:8090
feeds:
  cam: { command: [cat, cam] }
  far: { relay: "http://u:p@far.example/a.mp3" }
streams:
  video: { feed: cam, path: /v.ts }
  sound: { feed: cam, path: /s.mp3 }
  mirror: { feed: far, path: /m.mp3 }
`;

const read = (text: string): Configuration => parseConfiguration(text, 'weir.yml', {}).configuration;

/** What a server with this configuration tells, with so many listeners. */
function running(configuration: Configuration, listeners: Readonly<Record<string, number>>): Running {
  const hashes = hashesOf(configuration);
  const hashed = (hash: string | undefined): object => (hash === undefined ? {} : { configuration: hash });
  const counts = { listenersPeak: 0, listenersTotal: 0, bytesIn: 0, bytesOut: 0, bitsPerSecondIn: 0, bitsPerSecondOut: 0, skips: 0, gapsMended: 0, gapsLost: 0 };
  const served = Object.entries(listeners).map(([name, count]): EdgeStreamStatus => ({ name, path: '/', state: 'live', contentType: null, listeners: count, ...counts }));
  return fleetStatus({
    weirVersion: '1',
    since: 's',
    time: 't',
    streams: Object.values(configuration.streams).map((stream) => ({ ...stream, encoded: false, ...hashed(hashes.streams.get(stream.name)?.hash), source: hashes.streams.get(stream.name)?.source ?? '' })),
    feeds: Object.keys(configuration.feeds).map((name) => ({ name, ...hashed(hashes.feeds.get(name)?.hash) })),
    settings: { listen: configuration.listen, edge: hashOf(configuration.edge), masters: hashOfMasters(configuration.masters), patterns: { feeds: [], streams: [] } },
    ingests: [],
    edges: [{ role: 'edge', instance: 'e', version: '1', since: 's', pid: 1, url: 'http://e', streams: served }],
  });
}

const cases: readonly (readonly [name: string, from: string, to: string, rows: readonly string[], sum: string])[] = [
  ['nothing', '', '', ['cam feed 5 unchanged', 'far feed 2 unchanged, unless a password in it is new', 'video stream 4 unchanged', 'sound stream 1 unchanged', 'mirror stream 2 unchanged'], 'starts 0, stops 0, restarts 0, changes 0, unchanged 5: no listener notices'],
  [
    'a stream that changes for its listeners alone',
    '/s.mp3 }', '/s.mp3, title: New }',
    ['cam feed 5 unchanged', 'far feed 2 unchanged, unless a password in it is new', 'video stream 4 unchanged', 'sound stream 1 changes, and its listeners stay', 'mirror stream 2 unchanged'],
    'starts 0, stops 0, restarts 0, changes 1, unchanged 4: no listener notices',
  ],
  [
    'an encoder that changes leaves its feed alone',
    '/s.mp3 }', '/s.mp3, encode: [cat] }',
    ['cam feed 5 unchanged', 'far feed 2 unchanged, unless a password in it is new', 'video stream 4 unchanged', 'sound stream 1 its source restarts: 1 listener stays, with a gap', 'mirror stream 2 unchanged'],
    'starts 0, stops 0, restarts 1, changes 0, unchanged 4: 0 listeners disconnected, 1 with a gap',
  ],
  [
    'a feed that is gone with its stream, and a new one',
    '  far: { relay: "http://u:p@far.example/a.mp3" }', '  near: { command: [cat, near] }',
    ['cam feed 5 unchanged', 'near feed 0 starts', 'far feed 2 stops', 'video stream 4 unchanged', 'sound stream 1 unchanged', 'mirror stream 2 its source restarts: 2 listeners stay, with a gap'],
    'starts 1, stops 1, restarts 1, changes 0, unchanged 3: 0 listeners disconnected, 2 with a gap',
  ],
  [
    'a stream that is gone',
    '  video: { feed: cam, path: /v.ts }\n', '',
    ['cam feed 5 unchanged', 'far feed 2 unchanged, unless a password in it is new', 'sound stream 1 unchanged', 'mirror stream 2 unchanged', 'video stream 4 stops and disconnects 4 listeners'],
    'starts 0, stops 1, restarts 0, changes 0, unchanged 4: 4 listeners disconnected, 0 with a gap',
  ],
];

for (const [name, from, to, rows, sum] of cases) {
  test(`plan: ${name}`, () => {
    const changed = base.replace(from, to).replace(to.includes('near') ? 'feed: far' : '\0', 'feed: near');
    const plan = planOf(read(changed), running(read(base), { video: 4, sound: 1, mirror: 2 }));
    const lines = planText(plan).trimEnd().split('\n');
    assert.deepEqual(lines.slice(1, -2).map((line) => line.replace(/ +/g, ' ')), rows);
    assert.equal(lines.at(-1), sum);
  });
}

for (const [name, from, to, rows] of [
  ['untouched', '', '', ['live feed 3 unchanged', 'live stream 3 unchanged']],
  ['started again', 'open', 'open, stall: 5s', ['live feed 3 restarts', 'live stream 3 its source restarts: 3 listeners stay, with a gap']],
] as const) {
  test(`plan: takes the sources of a pattern together, which is ${name}`, () => {
    const text = 'feeds: { live: { push: "/live/*", source: open } }\nstreams: { live: { feed: live, path: "/live/*", stall: 9s } }';
    const configuration = read(text);
    const now = running(new PushPatterns(configuration).with(['live/anna', 'live/ben']), { 'live/anna': 1, 'live/ben': 2 });
    const { feeds, streams } = hashesOf(configuration);
    const patterns = {
      feeds: [...feeds].map(([feed, { hash }]) => ({ name: feed, configuration: hash })),
      streams: [...streams].map(([stream, { hash, source }]) => ({ name: stream, feed: 'live', configuration: hash, source })),
    };
    const plan = planOf(read(text.replace(from, to)), { ...now, settings: { listen: null, edge: hashOf(configuration.edge), masters: hashOfMasters([]), patterns } });
    const lines = planText(plan).trimEnd().split('\n');
    assert.deepEqual(lines.slice(1, -2).map((line) => line.replace(/ +/g, ' ')), rows);
  });
}

test('plan: against nothing, everything starts', () => {
  const plan = planOf(read(base), { streams: [], feeds: [] });
  assert.ok(plan.rows.every(({ happens }) => happens === 'starts'));
  assert.deepEqual([plan.disconnected, plan.interrupted, plan.listenChanges, plan.edgeChanges], [0, 0, false, false]);
});

test('plan: says that listen waits for a start, and that the edge section does not', () => {
  const changed = `${base.replace('8090', '8099')}edge: { max_listeners: 1 }\n`;
  const plan = planOf(read(changed), running(read(base), {}));
  assert.deepEqual([plan.listenChanges, plan.edgeChanges], [true, true]);
  assert.match(planText(plan), /^listen has changed: .*\nthe edge section has changed: /m);
});

test('plan: prints no control character of a name that a server told', () => {
  const hostile = running(read(base), {});
  const plan = planOf(read(base), { ...hostile, feeds: [...hostile.feeds, ...hostile.feeds.slice(0, 1).map((feed) => ({ ...feed, name: 'a\u001b[2J\nb' }))] });
  assert.match(planText(plan), /^a\?\[2J\?b +feed/m);
});

const mirroring = `masters: [http://a, { url: http://b, paths: /b/* }]\n${base}`;

/** What runs with those masters' streams, each with a listener. */
function mirrored(urls: Readonly<Record<string, readonly string[]>>): Running {
  const streams = Object.entries(urls).map(([path, of]) => ({ path, urls: of, active: { mode: 'on-demand', lingerMillis: 0 } as const, mirror: { of, via: [] } }));
  return running(withMirrored(read(mirroring), streams), Object.fromEntries(Object.keys(urls).map((path) => [path, 1])));
}

const mirrors: readonly (readonly [name: string, from: string, to: string, ended: readonly string[], change: boolean])[] = [
  ['go on', '', '', [], false],
  ['go on with one master less, where another has them', 'http://a, ', '', ['/x.mp3'], true],
  ['go on with one master more', 'http://a, ', 'http://a, http://c, ', [], true],
  ['end when their paths are no longer asked for', '/b/*', '/c/*', ['/b/y.mp3'], true],
  ['end where sources of a pattern may be', 'path: /v.ts', 'path: /v.ts }\n  live: { feed: live, path: /b/*', ['/b/y.mp3', '/b/z.mp3'], false],
  ['end when a file names one of their paths', 'path: /v.ts', 'path: /x.mp3', ['/x.mp3'], false],
  ['end without masters', 'masters: [http://a, { url: http://b, paths: /b/* }]', '', ['/x.mp3', '/b/y.mp3', '/b/z.mp3'], true],
];
for (const [name, from, to, ended, change] of mirrors) {
  test(`plan: mirrored streams ${name}`, () => {
    const plan = planOf(read(mirroring.replace(from, to).replace('feeds:', to.includes('live') ? 'feeds:\n  live: { push: /b/*, source: open }' : 'feeds:')), mirrored({ '/x.mp3': ['http://a/x.mp3'], '/b/y.mp3': ['http://b/b/y.mp3'], '/b/z.mp3': ['http://a/b/z.mp3', 'http://b/b/z.mp3'] }));
    const stops = plan.rows.filter(({ kind, happens }) => kind === 'stream' && happens === 'stops');
    assert.deepEqual(stops.map(({ name: path }) => path), ended);
    assert.deepEqual([plan.disconnected, plan.mastersChange, planText(plan).includes('the masters section has changed')], [ended.length, change, change]);
    assert.equal(plan.rows.some((row) => row.kind === 'feed' && row.happens === 'stops'), ended.length > 0);
  });
}
