import assert from 'node:assert/strict';
import test from 'node:test';
import { problemLines, resolved } from './problem-lines.ts';
import { renderConfiguration } from './render.ts';
import type { MasterConfiguration } from './configuration.ts';

const onDemand = { mode: 'on-demand', lingerMillis: 0 } as const;
const master = (url: string, changes: Partial<MasterConfiguration> = {}): MasterConfiguration => ({ url, paths: ['/*'], prefix: '', refreshMillis: 10_000, active: onDemand, ...changes });

const cases: readonly [written: string, masters: readonly MasterConfiguration[]][] = [
  ['http://a:8000', [master('http://a:8000')]],
  ['[http://a/, https://u:p@b]', [master('http://a'), master('https://u:p@b')]],
  ['{ url: http://a, paths: /x/*, prefix: /p, refresh: 1s, active: 20s }', [master('http://a', { paths: ['/x/*'], prefix: '/p', refreshMillis: 1000, active: { mode: 'on-demand', lingerMillis: 20_000 } })]],
  ['[http://a, { url: http://a, prefix: /b, active: continuous }]', [master('http://a'), master('http://a', { prefix: '/b', active: { mode: 'continuous' } })]],
];
for (const [written, masters] of cases) {
  test(`masters: takes ${written}, and what is rendered of it, but for passwords`, () => {
    const configuration = resolved(`masters: ${written}`);
    assert.deepEqual(configuration.masters, masters);
    const masked = masters.map((each) => ({ ...each, url: each.url.replace(':p@', ':****@') }));
    assert.deepEqual(resolved(renderConfiguration(configuration)).masters, masked);
  });
}

const forms = 'expected a URL such as http://example.org:8000, or { url: ..., paths: ..., prefix: ... }';
const errors: readonly [written: string, lines: readonly string[]][] = [
  ['5', [`10 masters: ${forms}, got 5`]],
  ['http://u:s3cret@a?x', [`10 masters: ${forms}, got "http://u:****@a?x"`]],
  ['[http://a, ftp://b]', [`21 masters.1: ${forms}, got "ftp://b"`]],
  ['[]', ['10 masters: expected one or more']],
  ['{ paths: /x }', ['1 masters: needs "url"']],
  ['{ url: http://a, path: /x }', ['27 masters.path: unknown key; did you mean "paths"?']],
  ['{ url: http://a, refresh: 500ms }', ['36 masters.refresh: expected at least 1s, got "500ms"']],
  ['{ url: http://a, prefix: /a* }', ['35 masters.prefix: expected a URL path such as /radio/live.mp3, without "*", "//", ".", ".." or a "/" at the end, got "/a*"']],
  ['[http://a, http://a/]', ['21 masters.1: this master is already at weir.yml:1:11: give it all paths there, or another prefix here']],
];
for (const [written, lines] of errors) {
  test(`masters: refuses ${written}`, () => assert.deepEqual(problemLines(`masters: ${written}`), lines.map((line) => `weir.yml:1:${line}`)));
}

test('masters: are enough to serve', () => {
  assert.deepEqual(problemLines('masters: http://a'), []);
  assert.deepEqual(problemLines('masters:'), ['weir.yml: nothing to serve: add a stream under streams:']);
});
