import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { loadConfiguration } from './load.ts';
import { ConfigurationError } from './problem.ts';
import type { LoadedConfiguration } from './load.ts';

/** Loads `paths` from a new directory with these files; `ROOT` in problems stands for it. */
function load(files: Readonly<Record<string, string | Uint8Array>>, paths: readonly string[]): { readonly loaded: LoadedConfiguration | null; readonly lines: readonly string[] } {
  const root = mkdtempSync(join(tmpdir(), 'weir-config-'));
  const plain = (text: string): string => text.replaceAll(root, 'ROOT');
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      if (typeof content === 'string' && content.startsWith('-> ')) symlinkSync(content.slice(3), join(root, name));
      else writeFileSync(join(root, name), content);
    }
    const { configuration, sources } = loadConfiguration(paths.map((path) => join(root, path)), {});
    return { loaded: JSON.parse(plain(JSON.stringify({ configuration, sources }))) as LoadedConfiguration, lines: [] };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { loaded: null, lines: plain(error.message).split('\n') };
  } finally {
    rmSync(root, { recursive: true });
  }
}

const stream = (name: string): string => `streams: { ${name}: { command: cat } }`;

const loads: readonly { name: string; files: Readonly<Record<string, string>>; paths: readonly string[]; streams: readonly string[]; sources: readonly string[] }[] = [
  { name: 'one file', files: { 'a.yml': stream('a') }, paths: ['a.yml'], streams: ['a'], sources: ['ROOT/a.yml'] },
  {
    name: 'the YAML and JSON files of a directory in alphabetical order',
    files: { 'd/c.json': `{"streams": {"c": {"command": "cat"}}}`, 'd/b.yaml': stream('b'), 'd/a.yml': stream('a'), 'd/weir.schema.json': '{"type": "object"}', 'd/.a.yml': '{', 'd/notes.txt': '{', 'd/sub/x.yml': '{' },
    paths: ['d'],
    streams: ['a', 'b', 'c'],
    sources: ['ROOT/d', 'ROOT/d/a.yml', 'ROOT/d/b.yaml', 'ROOT/d/c.json'],
  },
  {
    name: 'includes beside the file that names them, files and directories, each once',
    files: { 'weir.yml': `include: [conf.d, more/x.yml]\n${stream('main')}`, 'conf.d/a.yml': `include: ../more/x.yml\n${stream('a')}`, 'more/x.yml': stream('x') },
    paths: ['weir.yml', 'more/x.yml'],
    streams: ['main', 'a', 'x'],
    sources: ['ROOT/weir.yml', 'ROOT/conf.d', 'ROOT/conf.d/a.yml', 'ROOT/more/x.yml'],
  },
  { name: 'a file behind two names once', files: { '..data/a.yml': stream('a'), 'a.yml': '-> ..data/a.yml', 'b.yml': '-> ..data/a.yml' }, paths: ['a.yml', 'b.yml'], streams: ['a'], sources: ['ROOT/a.yml'] },
];
for (const { name, files, paths, streams, sources } of loads) {
  test(`files: reads ${name}`, () => {
    const { loaded, lines } = load(files, paths);
    assert.deepEqual(lines, []);
    assert.deepEqual(Object.keys(loaded?.configuration.streams ?? {}), streams);
    assert.deepEqual(loaded?.sources, sources);
  });
}

test('files: looks a relative file of a feed up beside the file it is written in', () => {
  const feed = 'feeds: { f: { file: ../media/x.mp3 }, g: { file: /x.mp3 } }';
  const { loaded } = load({ 'weir.yml': 'include: conf.d\nstreams: { a: { feed: f } }', 'conf.d/a.yml': feed }, ['weir.yml']);
  assert.deepEqual(Object.values(loaded?.configuration.feeds ?? {}).map((one) => one.source), [{ kind: 'file', path: 'ROOT/media/x.mp3', pace: null }, { kind: 'file', path: '/x.mp3', pace: null }]);
});

test('files: count an empty edge as left out', () => {
  const { loaded } = load({ 'a.yml': `edge:\n${stream('a')}`, 'b.yml': 'edge: { max_listeners: 5 }', 'c.yml': 'edge:' }, ['a.yml', 'b.yml', 'c.yml']);
  assert.equal(loaded?.configuration.edge.listenersMax, 5);
});

const problems: readonly { name: string; files: Readonly<Record<string, string | Uint8Array>>; paths: readonly string[]; lines: readonly string[] }[] = [
  { name: 'missing files, on the command line and in includes', files: { 'a.yml': `include: [b.yml, /nowhere/c.yml]\n${stream('a')}` }, paths: ['a.yml', 'd.yml'], lines: ['ROOT/a.yml:1:11 include.0: "ROOT/b.yml": no such file or directory', 'ROOT/a.yml:1:18 include.1: "/nowhere/c.yml": no such file or directory', 'ROOT/d.yml: no such file or directory'] },
  { name: 'an include of itself', files: { 'a.yml': 'include: a.yml' }, paths: ['a.yml'], lines: ['ROOT/a.yml:1:10 include: the files include each other: ROOT/a.yml -> ROOT/a.yml'] },
  {
    name: 'a cycle of includes',
    files: { 'a.yml': `include: b.yml\n${stream('a')}`, 'b.yml': 'include: [c.yml]', 'c.yml': 'include: [b.yml]' },
    paths: ['a.yml'],
    lines: ['ROOT/c.yml:1:11 include.0: "ROOT/b.yml": the files include each other: ROOT/b.yml -> ROOT/c.yml -> ROOT/b.yml'],
  },
  { name: 'a directory without configuration', files: { 'd/x.txt': '' }, paths: ['d'], lines: ['ROOT/d: the directory holds no *.yml, *.yaml or *.json file'] },
  { name: 'what is no text', files: { 'a.yml': new Uint8Array([0x61, 0x3a, 0x20, 0xff]) }, paths: ['a.yml'], lines: ['ROOT/a.yml: not UTF-8 text'] },
  { name: 'a file that is too large', files: { 'a.yml': '#'.repeat(8 * 1024 * 1024 + 1) }, paths: ['a.yml'], lines: ['ROOT/a.yml: more than 8 MiB'] },
  {
    name: 'the same names in two files, with both places',
    files: {
      'a.yml': 'listen: :1\nfeeds: { f: { file: x } }\nstreams: { s: { feed: f } }\ntemplates: { encoders: { e: cat }, sets: { t: {} } }\nedge: {}',
      'b.yml': 'listen: :1\nfeeds:\n  f: { file: x }\nstreams:\n  s: { feed: f }\ntemplates:\n  encoders: { e: cat }\n  sets: { t: {} }\nedge: {}',
    },
    paths: ['a.yml', 'b.yml'],
    lines: [
      'ROOT/b.yml:1:1 listen: listen is already at ROOT/a.yml:1:1',
      'ROOT/b.yml:3:3 feeds.f: feed "f" is already at ROOT/a.yml:2:10',
      'ROOT/b.yml:5:3 streams.s: stream "s" is already at ROOT/a.yml:3:12',
      'ROOT/b.yml:7:15 templates.encoders.e: encoder "e" is already at ROOT/a.yml:4:26',
      'ROOT/b.yml:8:11 templates.sets.t: set "t" is already at ROOT/a.yml:4:44',
      'ROOT/b.yml:9:1 edge: edge is already at ROOT/a.yml:5:1',
    ],
  },
  {
    name: 'the problems of all files at once, and no missing name that a broken file may hold',
    files: { 'a.yml': 'streams: { a: { feed: f }, b: { fede: f }, c: { command: cat, encode: { use: e } } }\nuse: [{ set: s, for: [{ n: 1 }] }]', 'b.yml': 'feeds: { f: [', 'c.yml': 'lisen: :1' },
    paths: ['a.yml', 'b.yml', 'c.yml'],
    lines: ['ROOT/b.yml:1:14: YAML: Flow sequence in block collection must be sufficiently indented and end with a ]', 'ROOT/a.yml:1:33 streams.b.fede: unknown key; did you mean "feed"?', 'ROOT/c.yml:1:1 lisen: unknown key; did you mean "listen"?'],
  },
  { name: 'no files at all', files: {}, paths: [], lines: ['configuration: nothing to serve: add a stream under streams:'] },
];
for (const { name, files, paths, lines } of problems) {
  test(`files: reports ${name}`, () => assert.deepEqual(load(files, paths).lines, lines));
}
