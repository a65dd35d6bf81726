import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { loadConfiguration, parseConfiguration } from './load.ts';
import { problemLines, resolved } from './problem-lines.ts';
import { renderConfiguration } from './render.ts';
import type { FeedConfiguration, FeedSource } from './configuration.ts';

/** Sources of a feed, as they are written and in their final form. */
const sources: readonly { text: string; source: FeedSource; rest?: Partial<FeedConfiguration> }[] = [
  { text: '{ relay: "http://a/x.ogg" }', source: { kind: 'relay', urls: ['http://a/x.ogg'] } },
  { text: '{ relay: ["https://user:pw@a:8443/x", "udp://239.1.2.3:1234?interface=10.0.0.1"] }', source: { kind: 'relay', urls: ['https://user:pw@a:8443/x', 'udp://239.1.2.3:1234?interface=10.0.0.1'] } },
  { text: '{ push: /live.mp3, source: open, takeover: true }', source: { kind: 'push', path: '/live.mp3', credentials: null, addresses: { allow: [], deny: [] }, takeover: true, sourcesMax: null } },
  { text: '{ push: "/live/*.mp3", source: open, max_sources: 7 }', source: { kind: 'push', path: '/live/*.mp3', credentials: null, addresses: { allow: [], deny: [] }, takeover: false, sourcesMax: 7 } },
  { text: '{ file: /x.ts, pace: 16KiB }', source: { kind: 'file', path: '/x.ts', pace: { by: 'rate', bytesPerSecond: 16_384 } } },
  { text: '{ file: /x.ts, pace: none }', source: { kind: 'file', path: '/x.ts', pace: { by: 'nothing' } } },
  { text: '{ file: /x.ts, pace: timestamps, on: [yard, capture-1] }', source: { kind: 'file', path: '/x.ts', pace: { by: 'timestamps' } }, rest: { on: ['yard', 'capture-1'] } },
  { text: '{ command: "mux {in.a} {in.b} {in}", feed: [a, b] }', source: { kind: 'command', command: { argv: ['mux', 'pipe:0', 'pipe:3', 'pipe:0'] }, feeds: ['a', 'b'] } },
  { text: '{ command: "mux {in.1} {in.2}", feed: [b, a] }', source: { kind: 'command', command: { argv: ['mux', 'pipe:0', 'pipe:3'] }, feeds: ['b', 'a'] } },
  { text: '{ command: cat, fallback: [b, a] }', source: { kind: 'command', command: { argv: ['cat'] }, feeds: [] }, rest: { fallback: ['b', 'a'] } },
];

for (const { text, source, rest = {} } of sources) {
  test(`sources: takes ${text}, and writes it out again`, () => {
    const file = `feeds: { a: { command: cat }, b: { command: cat }, f: ${text} }\nstreams: { s: { feed: f${text.includes('*') ? ', path: "/s/*"' : ''} } }`;
    const { configuration } = parseConfiguration(file, 'weir.yml', {});
    const feed = configuration.feeds['f'];
    assert.deepEqual(feed?.source, source);
    assert.deepEqual({ ...feed, ...rest }, feed);
    const again = renderConfiguration(configuration);
    if (!text.includes('pw@')) assert.deepEqual(parseConfiguration(again, 'again.yml', {}).configuration, configuration);
    assert.doesNotMatch(again, /pw@/);
  });
}

test('sources: a stream reads several feeds, has a fallback of its own or its feed\'s, and a file becomes a feed that loops', () => {
  const text = `
feeds: { cam: { command: cam, fallback: [still] }, mic: { command: mic }, still: { file: still.ts }, '1': { command: one }, '2': { command: two } }
streams:
  both: { feed: [cam, mic], encode: "mux {in.cam} {in.mic}" }
  own: { feed: mic, fallback: [/media/silence.mp3, cam] }
  numbers: { feed: [cam, '1', '2'], encode: "mux {in.1} {in.2} {in.3}" }
templates: { encoders: { unused: "mux {in.cam} {in} {out}" } }`;
  const { feeds, streams } = resolved(text);
  assert.deepEqual([streams['both']?.feed, streams['both']?.otherFeeds, streams['both']?.fallback], ['cam', ['mic'], ['still']]);
  assert.deepEqual(streams['both']?.encode?.argv, ['mux', 'pipe:0', 'pipe:3']);
  // A name goes before a place.
  assert.deepEqual(streams['numbers']?.encode?.argv, ['mux', 'pipe:3', 'pipe:4', 'pipe:4']);
  assert.deepEqual(streams['own']?.fallback, ['own.fallback-1', 'cam']);
  assert.deepEqual(feeds['own.fallback-1']?.source, { kind: 'file', path: '/media/silence.mp3', pace: null });
  assert.equal(feeds['own.fallback-1']?.onEnd, 'loop');
});

test('sources: a password comes from the file, the environment or another file, and is nowhere but in a hash', () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-source-'));
  try {
    writeFileSync(join(folder, 'secret'), 'hackme\n');
    const feed = (source: string): string => `push: /${source.length}, source: ${source}`;
    const text = `feeds: { a: { ${feed('{ password: "hackme" }')} }, b: { ${feed('{ password: "${PASSWORD}" }')} }, c: { ${feed('{ password_file: secret }')} }, d: { ${feed('{ user: dj, password: hackme }')} } }\nstreams: { s: { feed: a } }`;
    writeFileSync(join(folder, 'weir.yml'), text);
    const { configuration } = loadConfiguration([join(folder, 'weir.yml')], { PASSWORD: 'hackme' });
    const hashes = Object.values(configuration.feeds).map(({ source }) => (source.kind === 'push' && source.credentials !== null && 'user' in source.credentials ? source.credentials.passwordHash : ''));
    assert.match(hashes[0] ?? '', /^scrypt\$16384\$8\$1\$[\w+/=]{24}\$[\w+/=]{44}$/);
    assert.equal(new Set(hashes.slice(0, 3)).size, 1);
    assert.notEqual(hashes[3], hashes[0]);
    assert.doesNotMatch(JSON.stringify(configuration) + renderConfiguration(configuration), /hackme/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('sources: what makes no sense is told where it stands', () => {
  const text = `
feeds:
  open: { push: /a }
  twice: { push: /b, relay: "http://x/", source: open }
  same: { push: /z, source: open }
  path: { push: /z, source: open }
  two: { push: /c, source: { password: x, password_file: y } }
  none: { push: /d, source: { user: x } }
  empty: { push: /e, source: { password: "" } }
  gone: { push: /f, source: { password_file: /no/such/file } }
  lazy: { push: /g, source: open, active: 5s }
  other: { command: cat, source: open, pace: none }
  list: { command: "cat {in.nobody} {in.9} {in.open}", feed: [open, opn, open] }
  own: { command: cat, fallback: [own, nobody] }
  url: { relay: [ftp://x, "udp://1.2.3.4"] }
streams:
  s: { feed: [same, other] }`;
  assert.deepEqual(problemLines(text), [
    'weir.yml:3:11 feeds.open.push: needs source: { user: ..., password: ... } beside it, or source: open for anybody',
    'weir.yml:4:22 feeds.twice.relay: a feed has one source, and push is at weir.yml:4:12',
    'weir.yml:6:17 feeds.path.push: feed "same" is already pushed at this path',
    'weir.yml:7:58 feeds.two.source.password_file: the password is already at weir.yml:7:30',
    'weir.yml:8:21 feeds.none.source: needs password or password_file',
    'weir.yml:9:22 feeds.empty.source: the password is empty',
    'weir.yml:10:46 feeds.gone.source.password_file: "/no/such/file": there is no such file',
    'weir.yml:11:35 feeds.lazy.active: means nothing with push: the source comes and goes as it likes',
    'weir.yml:12:26 feeds.other.source: counts only with push',
    'weir.yml:12:40 feeds.other.pace: counts only with file',
    'weir.yml:13:25 feeds.list.command: {in.nobody} is none of the feeds it reads',
    'weir.yml:13:37 feeds.list.command: {in.9} is none of the feeds it reads, which are 3',
    'weir.yml:13:69 feeds.list.feed: no feed named "opn"; did you mean "open"?',
    'weir.yml:13:74 feeds.list.feed: feed "open" stands here twice',
    'weir.yml:14:35 feeds.own.fallback: feed "own" cannot take its own place',
    'weir.yml:14:40 feeds.own.fallback: no feed named "nobody"',
    'weir.yml:15:18 feeds.url.relay.0: expected a URL such as http://example.org:8000/live.ogg or udp://239.1.2.3:1234, got "ftp://x"',
    'weir.yml:15:27 feeds.url.relay.1: expected a URL such as http://example.org:8000/live.ogg or udp://239.1.2.3:1234, got "udp://1.2.3.4"',
    'weir.yml:17:8 streams.s.feed: several feeds need an encode that reads them',
  ]);
});
