import assert from 'node:assert/strict';
import test from 'node:test';
import { problemLines, resolved } from './problem-lines.ts';
import type { CommandConfiguration, Configuration } from './configuration.ts';

function feedArgv(configuration: Configuration, name: string): readonly string[] | undefined {
  const source = configuration.feeds[name]?.source;
  return source?.kind === 'command' ? source.command.argv : undefined;
}

const encodeOf = (configuration: Configuration, name: string): CommandConfiguration | null | undefined => configuration.streams[name]?.encode;

test('sets: the example of the design makes its feeds and streams', () => {
  const configuration = resolved(`
feeds:
  cam:
    command: ffmpeg -re -f lavfi -i testsrc2=size=1280x720:rate=25 -c:v libx264 -tune zerolatency -g 50 -f mpegts {out}
    active: 20s
  jingles:
    file: /media/jingles.mp3
    on_end: loop
streams:
  cam-hd: { feed: cam, path: /cam/hd.ts }                       # no encode: the feed as it is
  cam-sound: { feed: cam, path: /cam/sound.mp3, encode: { use: mp3, bitrate: 128k } }
  radio: { feed: jingles, path: /radio.mp3 }
templates:
  encoders:
    mp3: ffmpeg -i {in} -vn -c:a libmp3lame -b:a {bitrate} -f mp3 {out}
  sets:
    camera:
      feeds: { "{name}": { command: "ffmpeg -f v4l2 -i {device} -c:v libx264 -f mpegts {out}" } }
      streams: { "{name}-ts": { feed: "{name}", path: "/{name}.ts" } }
use:
  - { set: camera, for: [ { name: door, device: /dev/video0 }, { name: yard, device: /dev/video1 } ] }`);
  assert.deepEqual(Object.keys(configuration.feeds), ['cam', 'jingles', 'door', 'yard']);
  assert.deepEqual(feedArgv(configuration, 'yard'), ['ffmpeg', '-f', 'v4l2', '-i', '/dev/video1', '-c:v', 'libx264', '-f', 'mpegts', 'pipe:1']);
  assert.deepEqual(encodeOf(configuration, 'cam-sound')?.argv.slice(0, 8), ['ffmpeg', '-i', 'pipe:0', '-vn', '-c:a', 'libmp3lame', '-b:a', '128k']);
  assert.deepEqual(Object.values(configuration.streams).map(({ name, feed, path }) => `${name} ${feed} ${path}`), [
    'cam-hd cam /cam/hd.ts',
    'cam-sound cam /cam/sound.mp3',
    'radio jingles /radio.mp3',
    'door-ts door /door.ts',
    'yard-ts yard /yard.ts',
  ]);
});

test('sets: forty cameras of four columns are forty feeds and a hundred and twenty streams', () => {
  const rows = Array.from({ length: 40 }, (_, index) => `      - { name: cam${index}, address: 10.0.0.${index}, bitrate: ${index}k, linger: ${index}s }`);
  const { feeds, streams } = resolved(`
templates:
  encoders: { sd: "ffmpeg -i {in} -b:v {bitrate} -f mpegts {out}" }
  sets:
    camera:
      feeds:
        "{name}": { command: "ffmpeg -i rtsp://{address}/live -c copy -f mpegts {out}", active: "{linger}" }
      streams:
        "{name}-hd": { feed: "{name}", path: "/{name}/hd.ts" }
        "{name}-sd": { feed: "{name}", path: "/{name}/sd.ts", encode: { use: sd, bitrate: "{bitrate}" } }
        "{name}-pictures": { feed: "{name}", path: "/{name}/pictures", encode: "ffmpeg -i {in} -f mpjpeg -b:v {bitrate} {out}" }
use:
  - set: camera
    for:
${rows.join('\n')}`);
  assert.deepEqual([Object.keys(feeds).length, Object.keys(streams).length], [40, 120]);
  assert.deepEqual(feeds['cam39']?.active, { mode: 'on-demand', lingerMillis: 39_000 });
  assert.deepEqual(streams['cam7-sd']?.encode?.argv, ['ffmpeg', '-i', 'pipe:0', '-b:v', '7k', '-f', 'mpegts', 'pipe:1']);
  assert.deepEqual(streams['cam7-pictures']?.encode?.argv, ['ffmpeg', '-i', 'pipe:0', '-f', 'mpjpeg', '-b:v', '7k', 'pipe:1']);
});

test('sets: a value stays one argument and is never read again, whatever is in it', () => {
  for (const value of ['a b', `'"`, '$(reboot); `id` && x | y', '{out}', '{{', '{other}', '\\', '*', '-i']) {
    const { feeds, streams } = resolved(`
templates:
  encoders: { e: "enc {in} x={value}" }
  sets:
    s:
      feeds: { "{name}": { command: "cat {value} 'y={value}'" }, "{name}2": { command: [cat, "{value}"] } }
      streams: { "{name}": { feed: "{name}", encode: { use: e, value: "{value}" } }, "{name}2": { feed: "{name}", encode: [enc, "{value}"] } }
use: [{ set: s, for: [{ name: a, value: ${JSON.stringify(value).replaceAll('$', '$$$$')}, other: 1 }] }]`.replace(', other: 1', ''));
    assert.deepEqual(feeds['a']?.source, { kind: 'command', command: { argv: ['cat', value, `y=${value}`] }, feeds: [] });
    assert.deepEqual(feeds['a2']?.source, { kind: 'command', command: { argv: ['cat', value] }, feeds: [] });
    assert.deepEqual([streams['a']?.encode?.argv, streams['a2']?.encode?.argv], [['enc', 'pipe:0', `x=${value}`], ['enc', value]]);
  }
});

test('sets: a value that is one placeholder takes the type of the parameter; others are text as it is spelled', () => {
  const configuration = resolved(`
templates:
  sets:
    s:
      feeds: { "{name}": { command: "cat {rate} {{x}}", restart: "{restart}", stall: "{stall}", grace: "{stall}0s", shell: "{shell}" } }
      streams: { "s{name}": { feed: "{name}", path: "/{name}/{rate}", title: "{rate}", genre: "a {stall}", max_listeners: "{stall}" } }
      defaults: { rate: 1.10, shell: false }
use:
  - { set: s, for: [{ name: 007, restart: false, stall: 1 }, { name: b, restart: true, stall: 2, rate: 2.0 }] }
  - { set: s, for: [{ name: c, restart: true, stall: 3, shell: true }] }`);
  const { feeds, streams } = configuration;
  assert.deepEqual(Object.values(feeds).map((feed) => [feed.name, feed.restart, feed.stallMillis, feed.graceMillis]), [['007', false, 1000, 10_000], ['b', true, 2000, 20_000], ['c', true, 3000, 30_000]]);
  assert.deepEqual(Object.values(streams).map(({ path }) => path), ['/007/1.10', '/b/2.0', '/c/1.10']);
  assert.deepEqual(Object.values(streams).map(({ title, genre, listenersMax }) => [title, genre, listenersMax]), [['1.10', 'a 1', 1], ['2.0', 'a 2', 2], ['1.10', 'a 3', 3]]);
  assert.deepEqual([feedArgv(configuration, '007'), feedArgv(configuration, 'c')], [['cat', '1.10', '{x}'], ['/bin/sh', '-c', 'cat 1.10 {x}']]);
});

const body = `templates:
  sets:
    camera:
      feeds: { "{name}": { command: "cat {device}", stall: "{stall}" } }
      streams: { "{name}-ts": { feed: "{name}", path: "/{name}.ts" } }
      defaults: { stall: 10s }
`;
const cases: readonly { name: string; text: string; lines: readonly string[] }[] = [
  {
    name: 'unknown, missing and misspelt parameters',
    text: `${body}use:\n  - set: camera\n    for:\n      - { name: a, device: x, colour: red }\n      - { name: b }\n      - { name: c, devise: x }`,
    lines: [
      'weir.yml:10:31 use.0.for.0.colour: set "camera" (weir.yml:3:5) has no parameter "colour"',
      'weir.yml:11:9 use.0.for.1: set "camera" (weir.yml:3:5) needs "device"',
      'weir.yml:12:20 use.0.for.2.devise: set "camera" (weir.yml:3:5) has no parameter "devise"; did you mean "device"?',
    ],
  },
  {
    name: 'an unknown set, no rows, and no table',
    text: `${body}use:\n  - { set: camra, for: [{ name: a }] }\n  - { set: camera, for: [] }\n  - { set: camera }\n  - { set: camera, for: [x, { name: [y], device: , 1x: 2 }] }`,
    lines: [
      'weir.yml:8:12 use.0.set: no set named "camra"; did you mean "camera"?',
      'weir.yml:9:25 use.1.for: expected at least one row',
      'weir.yml:10:5 use.2: needs "for"',
      'weir.yml:11:26 use.3.for.0: expected a mapping, got "x"',
      'weir.yml:11:37 use.3.for.1.name: expected a text, a number, true or false, got a list',
      'weir.yml:11:50 use.3.for.1.device: expected a text, a number, true or false, got nothing',
      'weir.yml:11:52 use.3.for.1.1x: set "camera" (weir.yml:3:5) has no parameter "1x"',
    ],
  },
  {
    name: 'values that do not fit, at the row, with the place in the set',
    text: `${body}use:\n  - { set: camera, for: [{ name: a b, device: x }, { name: c, device: x, stall: 1x }, { name: c/d, device: x }] }`,
    lines: [
      'weir.yml:8:34 feeds."a b": expected a name of 1 to 64 letters, digits, ".", "_" and "-" that begins with a letter or a digit, got "a b" (in set "camera" at weir.yml:4:16)',
      'weir.yml:8:34 streams."a b-ts": expected a name of 1 to 64 letters, digits, ".", "_" and "-" that begins with a letter or a digit, got "a b-ts" (in set "camera" at weir.yml:5:18)',
      'weir.yml:8:81 feeds.c.stall: expected a duration such as 500ms, 20s, 1m, 2h or a number of seconds, got "1x" (in set "camera" at weir.yml:4:60)',
      'weir.yml:8:95 feeds."c/d": expected a name of 1 to 64 letters, digits, ".", "_" and "-" that begins with a letter or a digit, got "c/d" (in set "camera" at weir.yml:4:16)',
      'weir.yml:8:95 streams."c/d-ts": expected a name of 1 to 64 letters, digits, ".", "_" and "-" that begins with a letter or a digit, got "c/d-ts" (in set "camera" at weir.yml:5:18)',
    ],
  },
  {
    name: 'clashes with the file, with another row and by path, with both places',
    text: `${body}use:\n  - { set: camera, for: [{ name: a, device: x }, { name: b, device: x }, { name: b, device: y }] }\nfeeds: { a: { file: x } }\nstreams: { other: { feed: a, path: /b.ts } }`,
    lines: [
      'weir.yml:8:34 feeds.a: feed "a" is already at weir.yml:9:10',
      'weir.yml:8:58 streams.b-ts.path: the path "/b.ts" is already taken at weir.yml:10:36',
      'weir.yml:8:82 feeds.b: feed "b" is already at weir.yml:8:58',
      'weir.yml:8:82 streams.b-ts: stream "b-ts" is already at weir.yml:8:58',
    ],
  },
  {
    name: 'a name without a parameter, for the second row',
    text: `templates: { sets: { s: { streams: { fixed: { command: "cat {x}" } } } } }\nuse: [{ set: s, for: [{ x: 1 }, { x: 2 }] }]`,
    lines: ['weir.yml:2:33 streams.fixed: stream "fixed" is already at weir.yml:2:23'],
  },
  {
    name: 'mistakes within a set once, however many rows use it',
    text: `templates:
  sets:
    s:
      feeds: { "{name}": { command: "cat '{x}", stal: 1s, stall: 1x }, "2{name}": { command: "cat {in}" } }
      streams: { "{name}": { slow: skp, join: now }, "{name}2": {} }
      defaults: { nam: 1 }
use: [{ set: s, for: [{ name: a, x: 1 }, { name: b, x: 2 }] }]`,
    lines: [
      "weir.yml:4:42 feeds.a.command: the quote ' is never closed",
      'weir.yml:4:49 templates.sets.s.feeds.{name}.stal: unknown key; did you mean "stall"?',
      'weir.yml:4:66 templates.sets.s.feeds.{name}.stall: expected a duration such as 500ms, 20s, 1m, 2h or a number of seconds, got "1x"',
      'weir.yml:4:99 feeds.2a.command: {in} has nothing to read from: name a feed under feed',
      'weir.yml:5:18 streams.a: needs a feed, or a command of its own',
      'weir.yml:5:36 templates.sets.s.streams.{name}.slow: expected skip or disconnect, got "skp"; did you mean "skip"?',
      'weir.yml:5:47 templates.sets.s.streams.{name}.join: expected live, keyframe or a duration such as 500ms, 20s, 1m, 2h or a number of seconds, got "now"',
      'weir.yml:5:54 streams.a2: needs a feed, or a command of its own',
      'weir.yml:6:24 templates.sets.s.defaults.nam: {nam} occurs nowhere in the set; did you mean "name"?',
    ],
  },
  {
    name: 'braces and pipes in the wrong place, and nothing that follows from them',
    text: `templates: { sets: { s: { feeds: { "{name}": { file: "{in}", on_end: "{a b}" } } } } }
use: [{ set: s, for: [{ name: a }] }]
streams: { x: { feed: a } }`,
    lines: [
      'weir.yml:1:55 templates.sets.s.feeds.{name}.file: {in} is a pipe of a command, and no parameter',
      'weir.yml:1:71 templates.sets.s.feeds.{name}.on_end: a brace of no placeholder; write {{ or }} for the brace itself',
    ],
  },
  {
    name: 'a value that a shell would interpret, at the row',
    text: `templates:
  encoders: { e: { command: "cat {in} | enc {x}", shell: true } }
  sets: { s: { streams: { "{n}": { command: "cat {x} | cat", shell: true, encode: { use: e, x: "{y}" } } } } }
use: [{ set: s, for: [{ n: a, x: /a-b_c.1, y: 128k }, { n: b, x: a b, y: $(id) }] }]`,
    lines: [
      'weir.yml:4:66 streams.b.command: "a b" goes into a shell command, where only letters, digits and _ . / : @ % + = , - mean themselves',
      'weir.yml:4:74 templates.encoders.e: "$(id)" goes into a shell command, where only letters, digits and _ . / : @ % + = , - mean themselves (in set "s" at weir.yml:3:96)',
    ],
  },
];
for (const { name, text, lines } of cases) {
  test(`sets: report ${name}`, () => assert.deepEqual(problemLines(text), lines));
}
