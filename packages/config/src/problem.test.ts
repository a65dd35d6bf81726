import assert from 'node:assert/strict';
import test from 'node:test';
import { problemLines } from './problem-lines.ts';

const duration = 'expected a duration such as 500ms, 20s, 1m, 2h or a number of seconds';
const name = 'expected a name of 1 to 64 letters, digits, ".", "_" and "-" that begins with a letter or a digit';
const urlPath = 'expected a URL path: "/" and then at most 199 letters, digits, ".", "_", "~", "-" and "/", perhaps one "*", without "//", ".", ".." or a "/" at the end';
const bitRate = 'expected a bit rate such as 800kbit/s, 1.5Mbit/s, 1Gbit/s or a number of bits a second';
const line = 'expected one line of 1 to 500 characters';
const webUrl = 'a URL such as https://example.org/radio, without a user and password';
const feedKeys = 'command, shell, file, push, source, takeover, max_sources, relay, pace, feed, fallback, on, active, restart, stall, start_timeout, grace, on_end, format, block_bytes, program';
const streamKeys =
  'feed, fallback, command, shell, path, encode, on, type, client, format, block_bytes, content_type, start_timeout, grace, stall, max_lag, gather, slow, join, max_listeners, max_bandwidth, overflow, max_bytes, max_duration, title, description, genre, homepage, access';

/** Wrong configurations, and all that is said about them. */
const cases: readonly { name: string; text: string; lines: readonly string[] }[] = [
  { name: 'nothing', text: '', lines: ['weir.yml: nothing to serve: add a stream under streams:'] },
  { name: 'feeds without streams', text: 'feeds: { f: { file: x } }\nstreams:', lines: ['weir.yml: nothing to serve: add a stream under streams:'] },
  { name: 'a list', text: '- x', lines: ['weir.yml:1:1: expected a mapping, got a list'] },
  { name: 'a text', text: 'ffmpeg', lines: ['weir.yml:1:1: expected a mapping, got "ffmpeg"'] },
  {
    name: 'unknown keys at every level',
    text: `
stream: {}
colour: red
trusted_proxies: []
feeds: { f: { comand: x, path: /x, colour: red } }
streams:
  s: { feed: f, encode: { comand: x }, restart: true, proxy_protocol: true }
templates: { encoder: {}, sets: { t: { feed: {} } } }
use: [{ set: t, far: [] }]
edge: { max_listener: 5, colour: red }`,
    lines: [
      'weir.yml:2:1 stream: unknown key; did you mean "streams"?',
      'weir.yml:3:1 colour: unknown key; expected one of include, listen, tls, edge, admin, access, feeds, streams, masters, templates, use',
      'weir.yml:4:1 trusted_proxies: unknown key; it is a key of edge',
      'weir.yml:5:15 feeds.f.comand: unknown key; did you mean "command"?',
      'weir.yml:5:26 feeds.f.path: unknown key; it is a key of streams',
      `weir.yml:5:36 feeds.f.colour: unknown key; expected one of ${feedKeys}`,
      'weir.yml:7:27 streams.s.encode.comand: unknown key; did you mean "command"?',
      'weir.yml:7:40 streams.s.restart: unknown key; it is a key of feeds: name the feed under feeds and use feed here',
      'weir.yml:7:55 streams.s.proxy_protocol: unknown key; it is a key of edge',
      'weir.yml:8:14 templates.encoder: unknown key; did you mean "encoders"?',
      'weir.yml:8:40 templates.sets.t.feed: unknown key; did you mean "feeds"?',
      'weir.yml:9:17 use.0.far: unknown key; did you mean "for"?',
      'weir.yml:10:9 edge.max_listener: unknown key; did you mean "max_listeners"?',
      'weir.yml:10:26 edge.colour: unknown key; expected one of max_listeners, max_bandwidth, busy_at, trusted_proxies, proxy_protocol, url',
    ],
  },
  {
    name: 'keys that weir does not know yet',
    text: 'feeds: { f: { command: cat, gain: 3 } }\nstreams: { s: { feed: f, volume: 7 } }',
    lines: [
      `weir.yml:1:29 feeds.f.gain: unknown key; expected one of ${feedKeys}`,
      `weir.yml:2:26 streams.s.volume: unknown key; expected one of ${streamKeys}`,
    ],
  },
  { name: 'streams of single pictures', text: 'feeds: { f: { command: cat } }\nstreams:\n  a: { feed: f, type: shot }\n  b: { feed: f, type: shot, encode: cat, client: exclusive, max_lag: 5s }\n  c: { feed: f, type: video }', lines: [
    'weir.yml:3:17 streams.a.type: needs an encode beside it: a command that prints one picture',
    'weir.yml:4:42 streams.b.client: says nothing of a picture: type is shot',
    'weir.yml:4:61 streams.b.max_lag: says nothing of a picture: type is shot',
    'weir.yml:5:23 streams.c.type: expected stream or shot, got "video"',
  ] },
  { name: 'keys that objects inherit', text: 'constructor: 1\nstreams: { s: { command: cat, toString: 1, hasOwnProperty: 2 } }', lines: [
    'weir.yml:1:1 constructor: unknown key; expected one of include, listen, tls, edge, admin, access, feeds, streams, masters, templates, use',
    ...[['31', 'toString'], ['44', 'hasOwnProperty']].map(([column, key]) => `weir.yml:2:${column} streams.s.${key}: unknown key; expected one of ${streamKeys}`),
  ] },
  {
    name: 'values of the wrong type',
    text: `
feeds:
  a: cat
  b:
  c: { command: 5, restart: yes, file: [x], stall: [1], format: }
  d: { command: [cat, [x]], active: true }
streams: { s: { feed: a, slow: 1, encode: 5, content_type: 5, path: 5 } }
templates: { encoders: { e: 5 }, sets: [] }
use: {}`,
    lines: [
      'weir.yml:3:6 feeds.a: expected a mapping, got "cat"',
      'weir.yml:4:5 feeds.b: expected a mapping, got nothing',
      'weir.yml:5:17 feeds.c.command: expected a command: a text, or a list of the program and its arguments, got 5',
      'weir.yml:5:29 feeds.c.restart: expected true or false, got "yes"',
      'weir.yml:5:34 feeds.c.file: a feed has one source, and command is at weir.yml:5:8',
      'weir.yml:5:40 feeds.c.file: expected a text, got a list',
      `weir.yml:5:52 feeds.c.stall: ${duration}, got a list`,
      'weir.yml:5:65 feeds.c.format: expected a format: mpegts, flv, mp3, adts, ogg, matroska, webm, mp4, mpjpeg, mjpeg, wav, flac, raw, got nothing',
      'weir.yml:6:23 feeds.d.command.1: expected a text, a number, true or false, got a list',
      'weir.yml:6:37 feeds.d.active: expected on-demand, continuous or a duration such as 20s, got true',
      'weir.yml:7:32 streams.s.slow: expected skip or disconnect, got 1',
      'weir.yml:7:43 streams.s.encode: expected an encoder: a command (a text or a list), { command: ... } or { use: NAME, ... }, got 5',
      'weir.yml:7:60 streams.s.content_type: expected a MIME type such as video/mp2t or audio/ogg; codecs=opus, got 5',
      `weir.yml:7:69 streams.s.path: ${urlPath}, got 5`,
      'weir.yml:8:29 templates.encoders.e: expected an encoder: a command (a text or a list) or { command: ..., defaults: ... }, got 5',
      'weir.yml:8:40 templates.sets: expected a mapping, got a list',
      'weir.yml:9:6 use: expected a list, got a mapping',
    ],
  },
  {
    name: 'values out of bounds and misspelt',
    text: `
feeds: { f: { file: x, stall: 0, grace: -1s, start_timeout: 600h, active: 10, on_end: lop, format: mpgets, block_bytes: 0 } }
streams: { s: { feed: f, max_lag: 0, join: keyfame, slow: skipp, content_type: "a/b\\r\\nX: y", stall: 1 s } }`,
    lines: [
      'weir.yml:2:31 feeds.f.stall: expected more than 0, got 0',
      `weir.yml:2:41 feeds.f.grace: ${duration}, got "-1s"`,
      'weir.yml:2:61 feeds.f.start_timeout: expected at most 500h, got "600h"',
      'weir.yml:2:87 feeds.f.on_end: expected restart or end or loop, got "lop"; did you mean "loop"?',
      'weir.yml:2:100 feeds.f.format: expected a format: mpegts, flv, mp3, adts, ogg, matroska, webm, mp4, mpjpeg, mjpeg, wav, flac, raw, got "mpgets"; did you mean "mpegts"?',
      'weir.yml:2:121 feeds.f.block_bytes: expected a whole number of bytes from 1 to 16MiB, got 0',
      'weir.yml:3:35 streams.s.max_lag: expected more than 0, got 0',
      'weir.yml:3:44 streams.s.join: expected live, keyframe or a duration such as 500ms, 20s, 1m, 2h or a number of seconds, got "keyfame"; did you mean "keyframe"?',
      'weir.yml:3:59 streams.s.slow: expected skip or disconnect, got "skipp"; did you mean "skip"?',
      'weir.yml:3:80 streams.s.content_type: expected a MIME type such as video/mp2t or audio/ogg; codecs=opus, got "a/b\\u{d}\\u{a}X: y"',
      `weir.yml:3:102 streams.s.stall: ${duration}, got "1 s"`,
    ],
  },
  {
    name: 'limits and texts of a stream',
    text: `
feeds: { f: { file: x, title: y } }
streams:
  a: { feed: f, max_listeners: 0, max_bandwidth: 900, max_bytes: 2TB, max_duration: 0 }
  b: { feed: f, max_listeners: many, max_bandwidth: 1.5M, max_bytes: 2000GiB, max_duration: forever }
  c: { feed: f, title: "a\\nb", description: " ", genre: [x], homepage: example.org, overflow: c }
  d: { feed: f, path: /own, overflow: /own?full=1 }
  e: { feed: f, overflow: /stream/e }`,
    lines: [
      'weir.yml:2:24 feeds.f.title: unknown key; it is a key of streams',
      'weir.yml:4:32 streams.a.max_listeners: expected a whole number from 1 to 1000000, got 0',
      'weir.yml:4:50 streams.a.max_bandwidth: expected a bit rate from 1kbit/s to 1000Gbit/s, got 900',
      'weir.yml:4:66 streams.a.max_bytes: expected a size such as 188, 64KiB, 1MB or a number of bytes, got "2TB"',
      'weir.yml:4:85 streams.a.max_duration: expected more than 0, got 0',
      'weir.yml:5:32 streams.b.max_listeners: expected a whole number from 1 to 1000000, got "many"',
      `weir.yml:5:53 streams.b.max_bandwidth: ${bitRate}, got "1.5M"`,
      'weir.yml:5:70 streams.b.max_bytes: expected a whole number of bytes from 1 to 1024GiB, got "2000GiB"',
      `weir.yml:5:93 streams.b.max_duration: ${duration}, got "forever"`,
      `weir.yml:6:24 streams.c.title: ${line}, got "a\\u{a}b"`,
      `weir.yml:6:45 streams.c.description: ${line}, got " "`,
      `weir.yml:6:57 streams.c.genre: ${line}, got a list`,
      `weir.yml:6:72 streams.c.homepage: expected ${webUrl}, got "example.org"`,
      `weir.yml:6:95 streams.c.overflow: expected ${webUrl}, or a path of the same server that begins with one "/", got "c"`,
      'weir.yml:7:39 streams.d.overflow: this is the stream itself, which has no room for more',
      'weir.yml:8:27 streams.e.overflow: this is the stream itself, which has no room for more',
    ],
  },
  {
    name: 'names',
    text: 'feeds: { "a b": { file: x }, -a: { file: x }, "": { file: x } }\nstreams: { "a/b": { command: x }, "\\u202Ex": { command: x } }',
    lines: [
      `weir.yml:1:10 feeds."a b": ${name}, got "a b"`,
      `weir.yml:1:30 feeds.-a: ${name}, got "-a"`,
      `weir.yml:1:47 feeds."": ${name}, got ""`,
      `weir.yml:2:12 streams."a/b": ${name}, got "a/b"`,
      `weir.yml:2:35 streams."\\u{202e}x": ${name}, got "\\u{202e}x"`,
    ],
  },
  {
    name: 'sources',
    text: `
feeds:
  none: { active: 1s }
  both: { file: x, command: cat }
  chain: { feed: none }
  shell: { file: x, shell: true }
  loop: { command: cat, on_end: loop }
  blocks: { file: x, format: mp3, block_bytes: 4 }
  one: { file: "-" }
  two: { file: "-" }
  list: { command: [cat], shell: true }
streams:
  none: { join: live }
  both: { feed: none, command: cat }
  shell: { feed: none, shell: false }
  one: { command: cat }`,
    lines: [
      'weir.yml:3:3 feeds.none: needs a source: command, file, push or relay',
      'weir.yml:4:11 feeds.both.file: a feed has one source, and command is at weir.yml:4:20',
      'weir.yml:5:12 feeds.chain.feed: needs a command beside it',
      'weir.yml:6:21 feeds.shell.shell: needs a command beside it',
      'weir.yml:7:25 feeds.loop.on_end: only a file can loop',
      'weir.yml:8:35 feeds.blocks.block_bytes: counts only with format: raw',
      'weir.yml:10:16 feeds.two.file: feed "one" already reads the standard input',
      'weir.yml:11:20 feeds.list.command: shell: true needs the command as one text, not as a list',
      'weir.yml:13:3 streams.none: needs a feed, or a command of its own',
      'weir.yml:14:11 streams.both.feed: a stream has one source, and command is at weir.yml:14:23',
      'weir.yml:14:23 streams.both.command: makes a feed "both", which is already at weir.yml:4:3; use feed: both, or another name',
      'weir.yml:15:24 streams.shell.shell: needs a command beside it',
      'weir.yml:16:10 streams.one.command: makes a feed "one", which is already at weir.yml:9:3; use feed: one, or another name',
    ],
  },
  {
    name: 'references',
    text: 'feeds:\n  cam: { command: "x {in}", feed: yrad }\n  yard: { file: x }\nstreams:\n  a: { feed: came }\n  b: { feed: studio }\n  c: { feed: cam, encode: { use: mp4 } }\ntemplates: { encoders: { mp3: cat } }',
    lines: [
      'weir.yml:2:35 feeds.cam.feed: no feed named "yrad"; did you mean "yard"?',
      'weir.yml:5:14 streams.a.feed: no feed named "came"; did you mean "cam"?',
      'weir.yml:6:14 streams.b.feed: no feed named "studio"',
      'weir.yml:7:34 streams.c.encode.use: no encoder named "mp4"; did you mean "mp3"?',
    ],
  },
  {
    name: 'cycles, each once',
    text: 'feeds:\n  a: { command: cat, feed: c }\n  b: { command: cat, feed: a }\n  c: { command: cat, feed: b }\n  d: { command: cat, feed: a }\n  e: { command: cat, feed: e }\nstreams: { s: { feed: d } }',
    lines: ['weir.yml:3:28 feeds.b.feed: the feed reads itself: a -> c -> b -> a', 'weir.yml:6:28 feeds.e.feed: the feed reads itself: e -> e'],
  },
  {
    name: 'URL paths',
    text: `
feeds: { f: { file: x } }
streams:
  a: { feed: f, path: /x }
  b: { feed: f, path: /x }
  x: { feed: f }
  stat: { feed: f }
  c: { feed: f, path: /admin/c }
  d: { feed: f, path: /d/pic }
  e: { feed: f, path: /e.m3u }
${['x', '/x/', '//x', '/x//y', '/./x', '/x/..', '/x?y', '/x%20y', '/ü', '/x y'].map((path, index) => `  p${index}: { feed: f, path: "${path}" }`).join('\n')}`,
    lines: [
      'weir.yml:5:23 streams.b.path: the path "/x" is already taken at weir.yml:4:23',
      'weir.yml:6:3 streams.x: the path "/x" is already taken at weir.yml:4:23; give the stream a path',
      'weir.yml:7:3 streams.stat: "/stat" is answered by weir itself; give the stream a path',
      'weir.yml:8:23 streams.c.path: "/admin/c" is answered by weir itself',
      'weir.yml:9:23 streams.d.path: "/d/pic" ends in "/pic", which asks for a picture or a playlist',
      'weir.yml:10:23 streams.e.path: "/e.m3u" ends in ".m3u", which asks for a picture or a playlist',
      ...['x', '/x/', '//x', '/x//y', '/./x', '/x/..', '/x?y', '/x%20y', '/ü', '/x y'].map((path, index) => `weir.yml:${11 + index}:24 streams.p${index}.path: ${urlPath}, got "${path}"`),
    ],
  },
  {
    name: 'a stream of another format than its feed, without an encoder',
    text: 'feeds: { f: { file: x, format: ts } }\nstreams: { a: { feed: f, format: mpegts }, b: { feed: f, format: flv }, c: { feed: f, format: flv, encode: cat } }',
    lines: ['weir.yml:2:66 streams.b.format: feed "f" is mpegts, and only encode makes another format of it'],
  },
  {
    name: 'commands',
    text: `
feeds:
  a: { command: "" }
  b: { command: [] }
  c: { command: ["", x] }
  d: { command: "cat 'x" }
  e: { command: cat a | cat }
  f: { command: " ", shell: true }
  g: { command: "cat {in}" }
  h:
    command: |
      cat {oout}
        {bitrate} %{x y}
  i: { command: [cat, "}"] }
  j: { command: "sh -c 'echo $$\{HOME}'" }
streams: { s: { feed: a, encode: "cat {inn}" } }`,
    lines: [
      'weir.yml:3:17 feeds.a.command: the command is empty',
      'weir.yml:4:17 feeds.b.command: the command is empty',
      'weir.yml:5:17 feeds.c.command: the command is empty',
      "weir.yml:6:22 feeds.d.command: the quote ' is never closed",
      'weir.yml:7:23 feeds.e.command: "|" needs a shell: set shell: true, or put it in quotes if the program wants it',
      'weir.yml:8:17 feeds.f.command: the command is empty',
      'weir.yml:9:22 feeds.g.command: {in} has nothing to read from: name a feed under feed',
      'weir.yml:12:11 feeds.h.command: unknown placeholder {oout}; did you mean {out}?',
      'weir.yml:13:9 feeds.h.command: unknown placeholder {bitrate}; write {{bitrate}} for the braces themselves',
      'weir.yml:13:20 feeds.h.command: a brace of no placeholder; write {{ or }} for the brace itself',
      'weir.yml:14:24 feeds.i.command.1: a brace of no placeholder; write {{ or }} for the brace itself',
      'weir.yml:15:32 feeds.j.command: unknown placeholder {HOME}; write {{HOME}} for the braces themselves',
      'weir.yml:16:39 streams.s.encode: unknown placeholder {inn}; did you mean {in}?',
    ],
  },
];
for (const { name: what, text, lines } of cases) {
  test(`problems: of ${what}`, () => assert.deepEqual(problemLines(text), lines));
}

test('problems: stay short and on one line, whatever is quoted in them', () => {
  const long = 'x\\n'.repeat(300_000);
  const key = 'x\\n'.repeat(300);
  const lines = problemLines(`"${key}": 1\nfeeds: { "${key}": { file: x, format: "${long}" } }\nstreams: { a: { feed: "${long}", path: "/${long}" } }`);
  assert.equal(lines.length, 5);
  assert.ok(lines.every((line) => line.length < 1000 && line.startsWith('weir.yml:')));
});
