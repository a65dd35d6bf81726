import assert from 'node:assert/strict';
import test from 'node:test';
import { hashesOf, hashOfMasters } from './difference-hashes.ts';
import { resolved } from './problem-lines.ts';

const base = `
feeds:
  cam: { command: "ffmpeg -i rtsp://admin:hunter2@10.0.0.5/cam -f mpegts {out}" }
  studio: { push: /studio.mp3, source: { user: u, password: hunter2 } }
  plain: { command: [cat, x] }
streams:
  video: { feed: cam, path: /v.ts }
  radio: { feed: studio, path: /r.mp3 }
  text: { feed: plain, path: /t.mp3 }
`;

/** Names of those whose hash is another one. */
function moved(text: string): readonly string[] {
  const [before, after] = [hashesOf(resolved(base)), hashesOf(resolved(text))];
  return [...before.feeds, ...before.streams].flatMap(([name, { hash }]) => ((after.feeds.get(name) ?? after.streams.get(name))?.hash === hash ? [] : [name]));
}

test('hashes: move with what starts again: a feed with those it reads, a stream alone', () => {
  assert.deepEqual(moved(base), []);
  assert.deepEqual(moved(base.replace('[cat, x]', '[cat, y]')), ['plain']);
  assert.deepEqual(moved(base.replace('/t.mp3', '/t2.mp3')), ['text']);
  assert.deepEqual(moved(base.replace('/t.mp3', '/t.mp3, stall: 5s')), ['text']);
  assert.deepEqual(moved(base.replace('10.0.0.5', '10.0.0.6')), ['cam']);
});

test('hashes: say nothing of secrets, but that there are some', () => {
  assert.deepEqual(moved(base.replaceAll('hunter2', 'hunter3')), []);
  const { feeds, streams } = hashesOf(resolved(base));
  assert.deepEqual([...feeds].map(([name, { secret }]) => [name, secret]), [['cam', true], ['studio', true], ['plain', false]]);
  assert.deepEqual([...streams.values()].map(({ secret }) => secret), [false, false, false]);
});

test('hashes: know their feeds by any name', () => {
  const names = ['constructor', 'toString', 'hasOwnProperty'];
  const { feeds } = hashesOf(resolved(`streams: { ${names.map((name) => `${name}: { command: [cat, ${name}] }`).join(', ')} }`));
  assert.deepEqual([...feeds.keys()], names);
  assert.equal(new Set([...feeds.values()].map(({ hash }) => hash)).size, 3);
});

test('hashes: of masters move with all but their passwords', () => {
  const hash = (text: string): string => hashOfMasters(resolved(`${text}\n${base}`).masters);
  const before = hash('masters: [http://a, "http://u:p@b"]');
  assert.equal(hash('masters: [http://a, "http://u:q@b"]'), before);
  for (const text of ['masters: ["http://u:p@b", http://a]', 'masters: [http://a, { url: "http://u:p@b", refresh: 5s }]', '']) assert.notEqual(hash(text), before);
});
