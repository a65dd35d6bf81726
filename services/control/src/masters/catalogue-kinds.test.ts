import assert from 'node:assert/strict';
import test from 'node:test';
import { catalogueKinds } from './catalogue-kinds.ts';

/** What the document at a path tells, as `path` or `path<via`, and `!` after one that is down; null when it is none of its kind. */
function read(path: string, text: string): readonly string[] | null {
  const catalogue = catalogueKinds.find((kind) => kind.path === path)?.read(text);
  return catalogue?.entries.map((entry) => [entry.path, ...entry.via].join('<') + (entry.isDown ? '!' : '')) ?? null;
}

const none = '{"icestats":"server_start_iso8601":"2026-01-02T03:04:05+0000","source":null}';
const sources = (...urls: readonly string[]): string => `{"icestats":{"source":${JSON.stringify(urls.length === 1 ? { listenurl: urls[0] } : urls.map((listenurl) => ({ listenurl })))}}}`;
const weir = (more: object): string => JSON.stringify({ name: 'weir', version: 1, deployment: 'd', streams: [], ...more });
const cases: readonly [path: string, name: string, text: string, told: readonly string[] | null][] = [
  ['/status-json.xsl', 'no source', '{"icestats":{"admin":"x","dummy":null}}', []],
  ['/status-json.xsl', 'no source, as icecast 2.4 says it', none, []],
  ['/status-json.xsl', 'one source', sources('http://radio.example:8000/a.mp3'), ['/a.mp3']],
  ['/status-json.xsl', 'several sources', sources('http://x:8000/a.mp3', 'https://x/b/c.ogg'), ['/a.mp3', '/b/c.ogg']],
  ['/status-json.xsl', 'paths as they stand', sources('http://x/../a', 'http://x', '/b'), ['/../a', 'http://x', '/b']],
  ['/status-json.xsl', 'a title that is no JSON', String.raw`{"icestats":{"source":[{"listenurl":"http:\/\/x:8000\/a.mp3","title": - ,"x":"\"listenurl\":\"http://x/b\""},{"listenurl":"http://x/c"}]}}`, ['/a.mp3', '/c']],
  ['/status-json.xsl', 'members of other types', '{"icestats":{"source":[null,5,[],{"listenurl":7}]}}', ['', '', '', '']],
  ['/status-json.xsl', 'JSON of something else', '{"a":1}', null],
  ['/status-json.xsl', 'a page', '<html>"listenurl":"http://x/a"</html>', null],
  ['/admin/streamlist.txt', 'a list', '/a.mp3\r\n/b.ogg\r\n', ['/a.mp3', '/b.ogg']],
  ['/admin/streamlist.txt', 'an empty list', '', []],
  ['/streamlist.txt', 'a list', '/a.mp3\n/b.ogg', ['/a.mp3', '/b.ogg']],
  ['/streamlist.txt', 'a page', '/a\n<html>', null],
  ['/status.json', 'sources of a savate', '{"total_clients_number":2,"sources":{"/a.ts":{"1.2.3.4:5":{}}}}', ['/a.ts']],
  ['/status.json', 'something else', '{"sources":{"/a.ts":{}}}', null],
  ['/stat.json', 'no streams', weir({}), []],
  ['/stat.json', 'its own, and mirrored ones', weir({ streams: [{ path: '/a', mood: 'happy' }, { path: '/b', mood: 'sad' }, { path: '/c', mirror: { via: ['x', 'y'] } }] }), ['/a', '/b!', '/c<x<y']],
  ['/stat.json', 'members of other types', weir({ streams: [null, 5, {}, { path: {} }, { path: '/a', mirror: 5 }, { path: '/b', mirror: { via: [{}] } }] }), ['', '', '', '', '/a', '/b<']],
  ['/stat.json', 'another version', weir({ version: 2 }), null],
  ['/stat.json', 'another program', weir({ name: 'other' }), null],
  ['/stat.json', 'no list', weir({ streams: {} }), null],
  ['/stat.json', 'no JSON', '[[[', null],
];
for (const [path, name, text, told] of cases) test(`catalogue: ${path} with ${name}`, () => assert.deepEqual(read(path, text), told));

test('catalogue: a server that means harm takes no time', () => {
  for (const text of [`{"icestats":${'"listenurl":"'.repeat(300_000)}`, `{"icestats":${'"listenurl"'.repeat(300_000)}`, `{"icestats":"listenurl":"${'\\'.repeat(4e6)}`, '['.repeat(4e6), '\n'.repeat(4e6)]) {
    for (const kind of catalogueKinds) kind.read(text);
  }
});
