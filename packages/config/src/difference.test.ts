import assert from 'node:assert/strict';
import test from 'node:test';
import { differenceOf } from './difference.ts';
import type { Change } from './difference.ts';
import { resolved } from './problem-lines.ts';

const base = `
feeds:
  cam: { command: [cat, cam] }
  studio: { push: /studio.mp3, source: { user: u, password: p } }
  far: { relay: "http://u:p@far.example/a.mp3" }
streams:
  video: { feed: cam, path: /v.ts }
  radio: { feed: studio, path: /r.mp3 }
  mirror: { feed: far, path: /m.mp3 }
`;

/** `stream radio changed title`, one line a change. */
function line(change: Change): string {
  return [change.kind, change.name, change.what, ...(change.what === 'changed' ? [change.keys.join(',')] : [])].join(' ');
}

const cases: readonly (readonly [name: string, from: string, to: string, lines: readonly string[], unchanged: number])[] = [
  ['nothing', '', '', [], 6],
  ['the same value in other words', 'path: /v.ts', "path: '/v.ts', grace: 30s", [], 6],
  ['the order of what has nothing to do with each other', '  cam: { command: [cat, cam] }\n', '', [], 6],
  ['a key of a stream that concerns its listeners alone', '/r.mp3 }', '/r.mp3, title: New }', ['stream radio changed title'], 5],
  ['a key of a stream whose source goes on', '/r.mp3 }', '/r.mp3, stall: 5s }', ['stream radio changed stall'], 5],
  ['an encoder, whose feed goes on', '/r.mp3 }', '/r.mp3, encode: [cat] }', ['stream radio changed encode'], 5],
  ['an encoder that moves to another ingest', '/r.mp3 }', '/r.mp3, encode: [cat], on: gpu }', ['stream radio changed encode,on'], 5],
  ['keys that have other names inside', '/r.mp3 }', '/r.mp3, max_listeners: 3, max_bandwidth: 1Mbit/s, max_bytes: 5MB, max_duration: 1h, max_lag: 4s, gather: 50ms }', ['stream radio changed gather,max_bandwidth,max_bytes,max_duration,max_lag,max_listeners'], 5],
  ['a key of a feed, and its stream starts again', '[cat, cam]', '[cat, cam], active: continuous', ['feed cam changed active', 'stream video restarted'], 4],
  ['the kind of a source', 'command: [cat, cam]', 'file: /cam.ts', ['feed cam changed command,file', 'stream video restarted'], 4],
  ['a password', 'password: p', 'password: q', ['feed studio changed source', 'stream radio restarted'], 4],
  ['a password in a URL', 'u:p@', 'u:q@', ['feed far changed relay', 'stream mirror restarted'], 4],
  ['a new stream of a feed', 'streams:', 'streams:\n  copy: { feed: cam }', ['stream copy started'], 6],
  ['a feed and a stream that are gone', '  radio: { feed: studio, path: /r.mp3 }\n', '', ['stream radio stopped'], 5],
  ['a new feed alone', 'feeds:', 'feeds:\n  more: { command: [cat, more] }', ['feed more started'], 6],
  ['another feed for a stream', 'feed: far, path', 'feed: cam, path', ['stream mirror changed feed'], 5],
];

for (const [name, from, to, lines, unchanged] of cases) {
  test(`difference: tells of ${name}`, () => {
    assert.ok(base.includes(from));
    const moved = name.startsWith('the order') ? base.replace('streams:', `${from}streams:`).replace(from, '') : base.replace(from, to);
    const difference = differenceOf(resolved(base), resolved(moved));
    assert.deepEqual(difference.changes.map(line), lines);
    assert.deepEqual([difference.unchanged, difference.edge, difference.listen], [unchanged, [], null]);
  });
}

test('difference: tells of what runs on a feed of a feed, and of fallbacks', () => {
  const chain = (grace: string): string => `
feeds:
  a: { command: [cat, a] }
  b: { command: [tr, a, b], feed: a }
  c: { command: [cat, c] }
  d: { file: /d.mp3, on_end: loop }
streams:
  sb: { feed: b }
  sc: { feed: c, fallback: [d], grace: ${grace} }
`;
  const changed = chain('30s').replace('[cat, a]', '[cat, other]');
  assert.deepEqual(differenceOf(resolved(chain('30s')), resolved(changed)).changes.map(line), ['feed a changed command', 'feed b restarted', 'stream sb restarted']);
  assert.deepEqual(differenceOf(resolved(chain('30s')), resolved(chain('40s'))).changes.map(line), ['stream sc changed grace']);
});

test('difference: tells of listen, and of the edge section by its keys', () => {
  const { listen, edge, changes } = differenceOf(resolved(base), resolved(`listen: 127.0.0.1:9000\nedge: { max_listeners: 5, trusted_proxies: [10.0.0.0/8] }\n${base}`));
  assert.deepEqual(listen, { before: '127.0.0.1:8090', after: '127.0.0.1:9000' });
  assert.deepEqual(edge, ['max_listeners', 'trusted_proxies']);
  assert.deepEqual(changes, []);
});

test('difference: tells of masters, whatever changes of them', () => {
  const masters = (text: string): boolean => differenceOf(resolved(`masters: [http://a, "http://u:p@b"]\n${base}`), resolved(`${text}\n${base}`)).masters;
  assert.deepEqual(['masters: [http://a, "http://u:p@b"]', 'masters: [http://a, "http://u:q@b"]', 'masters: ["http://u:p@b", http://a]', ''].map(masters), [false, true, true, true]);
});
