import assert from 'node:assert/strict';
import test from 'node:test';
import { whyNotMirrored, withMirrored } from './mirrored.ts';
import { resolved } from './problem-lines.ts';

const mirror = { of: ['http://a/x.mp3'], via: ['d'] };
const mirrored = (path: string): Parameters<typeof withMirrored>[1][number] => ({ path, urls: ['http://u:p@a/x.mp3'], active: { mode: 'on-demand', lingerMillis: 5000 }, mirror });

test('mirrored: a stream is what a file would make of a relay, but for its name', () => {
  const { feeds, streams } = withMirrored(resolved('masters: http://a'), [mirrored('/x.mp3')]);
  const written = resolved('feeds: { x: { relay: "http://u:p@a/x.mp3", active: 5s } }\nstreams: { x: { feed: x, path: /x.mp3 } }');
  assert.deepEqual(feeds, { '/x.mp3': { ...written.feeds['x'], name: '/x.mp3' } });
  assert.deepEqual(streams, { '/x.mp3': { ...written.streams['x'], name: '/x.mp3', feed: '/x.mp3', mirror } });
});

test('mirrored: where a source may come, and what is reserved for it, is left free', () => {
  const written = resolved('feeds: { live: { push: /live/*, source: open } }\nstreams: { live: { feed: live, path: /live/*.mp3 } }');
  assert.deepEqual(Object.keys(withMirrored(written, ['/live/anna.mp3', '/live/anna', '/live/a/b.mp3'].map(mirrored)).streams), ['live', '/live/anna', '/live/a/b.mp3']);
});

test('mirrored: what a file names at the path comes first', () => {
  const written = resolved('streams: { own: { command: cat, path: /x.mp3 } }');
  assert.deepEqual(withMirrored(written, [mirrored('/x.mp3')]), written);
  assert.deepEqual(Object.keys(withMirrored(written, [mirrored('/x.mp3'), mirrored('/own')]).streams), ['own', '/own']);
});

for (const path of ['/x.mp3', '/', '/a/b-c_d~e.ts', '/..a']) test(`mirrored: ${path} may be`, () => assert.equal(whyNotMirrored(path), null));
for (const path of ['', 'x', '/x/', '//x', '/.', '/a/../b', '/a b', '/a\n', '/*', '/a?b', '/%41', '/é', `/${'x'.repeat(200)}`, '/stat', '/stream/x', '/admin/x', '/x.m3u', '/x/pic']) {
  test(`mirrored: ${JSON.stringify(path.slice(0, 20))} may not be`, () => assert.notEqual(whyNotMirrored(path), null));
}
