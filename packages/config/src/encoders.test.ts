import assert from 'node:assert/strict';
import test from 'node:test';
import { problemLines, resolved } from './problem-lines.ts';

const cases: readonly { name: string; encoder: string; encode: string; argv: readonly string[] }[] = [
  { name: 'a line', encoder: 'enc {in} -b {bitrate} {out}', encode: '{ use: e, bitrate: 128k }', argv: ['enc', 'pipe:0', '-b', '128k', 'pipe:1'] },
  { name: 'a list', encoder: '[enc, "-b={bitrate}", 5, 1.0, true]', encode: '{ use: e, bitrate: a b }', argv: ['enc', '-b=a b', '5', '1.0', 'true'] },
  { name: 'defaults', encoder: '{ command: "enc {a} {b}", defaults: { a: 1, b: 2.50 } }', encode: '{ use: e, a: 3 }', argv: ['enc', '3', '2.50'] },
  { name: 'no parameters', encoder: 'enc', encode: '{ use: e }', argv: ['enc'] },
  { name: 'a shell', encoder: '{ command: "enc {in} | tee {x} {{y}}", shell: true }', encode: '{ use: e, x: /tmp/x }', argv: ['/bin/sh', '-c', 'enc pipe:0 | tee /tmp/x {y}'] },
  { name: 'an argument that looks like a placeholder', encoder: 'enc {a}', encode: '{ use: e, a: "{out} {{" }', argv: ['enc', '{out} {{'] },
  { name: 'a command of its own', encoder: 'x', encode: '"enc {in} {out}"', argv: ['enc', 'pipe:0', 'pipe:1'] },
  { name: 'a command of its own with a shell', encoder: 'x', encode: '{ command: "enc {in} | cat", shell: true }', argv: ['/bin/sh', '-c', 'enc pipe:0 | cat'] },
];
for (const { name, encoder, encode, argv } of cases) {
  test(`encoders: take ${name}`, () => {
    const { streams } = resolved(`templates:\n  encoders:\n    e: ${encoder}\nstreams: { s: { command: cat, encode: ${encode} } }`);
    assert.deepEqual(streams['s']?.encode, { argv });
  });
}

test('encoders: report arguments and templates that do not fit, with both places', () => {
  const text = `templates:
  encoders:
    mp3: enc -b {bitrate} {out}
    bad: enc "x {a
    pipe: cat | cat
    odd: { command: "enc {use} {x}", defaults: { y: 1 } }
streams:
  a: { command: cat, encode: { use: mp3 } }
  b: { command: cat, encode: { use: mp3, bitrat: 1 } }
  c: { command: cat, encode: { use: mp3, bitrate: 1, rate: 2 } }
  d: { command: cat, encode: { use: mp3, bitrate: [1] } }
  e: { command: cat, encode: { use: mp3, bitrate: } }
  f: { command: cat, encode: { use: mp4, bitrate: 1 } }
  g: { command: cat, encode: {} }
  h: { command: cat, encode: { command: x, shel: true } }
  i: { command: cat, encode: { command: x, use: mp3 } }`;
  assert.deepEqual(problemLines(text), [
    'weir.yml:4:14 templates.encoders.bad: the quote " is never closed',
    'weir.yml:5:15 templates.encoders.pipe: "|" needs a shell: set shell: true, or put it in quotes if the program wants it',
    'weir.yml:6:21 templates.encoders.odd: a parameter cannot be called "use": it is a key of encode',
    'weir.yml:6:53 templates.encoders.odd.defaults.y: {y} occurs nowhere in the encoder',
    'weir.yml:8:37 streams.a.encode: encoder "mp3" (weir.yml:3:5) needs "bitrate"',
    'weir.yml:9:42 streams.b.encode.bitrat: encoder "mp3" (weir.yml:3:5) has no parameter "bitrat"; did you mean "bitrate"?',
    'weir.yml:10:54 streams.c.encode.rate: encoder "mp3" (weir.yml:3:5) has no parameter "rate"',
    'weir.yml:11:51 streams.d.encode.bitrate: expected a text, a number, true or false, got a list',
    'weir.yml:12:51 streams.e.encode.bitrate: expected a text, a number, true or false, got nothing',
    'weir.yml:13:37 streams.f.encode.use: no encoder named "mp4"; did you mean "mp3"?',
    'weir.yml:14:22 streams.g.encode: needs "command"',
    'weir.yml:15:44 streams.h.encode.shel: unknown key; did you mean "shell"?',
    'weir.yml:16:32 streams.i.encode.command: encoder "mp3" (weir.yml:3:5) has no parameter "command"',
    'weir.yml:16:49 streams.i.encode: encoder "mp3" (weir.yml:3:5) needs "bitrate"',
  ]);
});
