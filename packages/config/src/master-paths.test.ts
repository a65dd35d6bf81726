import assert from 'node:assert/strict';
import test from 'node:test';
import { localPath, masterName, mirrorsFrom } from './master-paths.ts';
import { resolved } from './problem-lines.ts';
import type { MasterConfiguration } from './configuration.ts';

const master = (paths: string, prefix = '/'): MasterConfiguration => {
  const [first] = resolved(`masters: { url: "http://u:p@HOST:80/base/", paths: ${JSON.stringify(paths)}, prefix: ${prefix} }`).masters;
  assert.ok(first !== undefined);
  return first;
};

const cases: readonly [pattern: string, path: string, matches: boolean][] = [
  ['/*', '/', true],
  ['/*', '/a/b.mp3', true],
  ['/*', 'a', false],
  ['/a', '/a', true],
  ['/a', '/ab', false],
  ['/a', '/', false],
  ['/radio/*', '/radio/', true],
  ['/radio/*', '/radio', false],
  ['/*.mp3', '/x/a.mp3', true],
  ['/*.mp3', '/x/a.mp3.ogg', false],
  ['/a*a', '/a', false],
  ['/a*a', '/aa', true],
  ['/*b*c*', '/abxcx', true],
  ['/*b*c*', '/acxbx', false],
  ['/a**', '/a', true],
];
for (const [pattern, path, matches] of cases) {
  test(`paths of a master: ${pattern} ${matches ? 'takes' : 'leaves'} ${path}`, () => assert.equal(localPath(master(pattern), path), matches ? path : null));
}

test('paths of a master: a pattern of many stars takes no time', () => {
  assert.equal(localPath(master(`/${'a*'.repeat(99)}b`), `/${'a'.repeat(100_000)}`), null);
});

test('paths of a master: a prefix comes before each, and takes the place of the root', () => {
  assert.deepEqual(['/x', '/'].map((path) => localPath(master('/*', '/p/q'), path)), ['/p/q/x', '/p/q']);
});

test('paths of a master: a URL of its own is known by its name, which has no password', () => {
  assert.equal(masterName(master('/*')), 'http://host/base');
  const of = (url: string, local: string): boolean => mirrorsFrom(master('/x*', '/p'), url, local);
  assert.deepEqual([of('http://host/base/x', '/p/x'), of('http://host/base/x', '/x'), of('http://host/base/y', '/p/y'), of('http://host/basex', '/p/x'), of('http://other/base/x', '/p/x')], [true, false, false, false, false]);
});
