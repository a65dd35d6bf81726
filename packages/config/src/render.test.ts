import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { parseConfiguration } from './load.ts';
import { renderConfiguration } from './render.ts';
import { resolved } from './problem-lines.ts';
import type { Configuration } from './configuration.ts';

test('render: spells out the limits of the edges and of a stream', () => {
  const text = renderConfiguration(resolved('edge: { max_listeners: 9, max_bandwidth: 1Gbit/s, trusted_proxies: [10.0.0.0/8], proxy_protocol: true, url: http://a:1 }\nstreams: { s: { command: cat, max_listeners: 5, max_bandwidth: 1500kbit/s, overflow: /x, max_bytes: 1KiB, max_duration: 90m, title: x y } }'));
  assert.match(text, /^edge:\n {2}max_listeners: 9\n {2}max_bandwidth: 1Gbit\/s\n {2}busy_at: 0\.9\n {2}trusted_proxies: \[10\.0\.0\.0\/8\]\n {2}proxy_protocol: true\n {2}url: http:\/\/a:1\n/m);
  assert.match(text, / {4}join: keyframe\n {4}max_listeners: 5\n {4}max_bandwidth: 1500kbit\/s\n {4}max_bytes: 1024\n {4}max_duration: 90m\n {4}overflow: \/x\n {4}title: x y\n$/);
});

test('render: spells out the final form', () => {
  const text = renderConfiguration(resolved('streams: { s: { command: "cat \'a b\' {out}", encode: enc, join: 4s } }'));
  assert.equal(text, `listen: 127.0.0.1:8090
edge:
  busy_at: 0.9
  trusted_proxies: []
  proxy_protocol: false
feeds:
  s:
    command: [cat, a b, pipe:1]
    active: on-demand
    restart: true
    stall: 10s
    start_timeout: 10s
    grace: 30s
    on_end: restart
streams:
  s:
    feed: s
    path: /s
    encode: [enc]
    start_timeout: 10s
    grace: 30s
    stall: 10s
    max_lag: 10s
    slow: skip
    join: 4s
`);
});

const roundTrips: readonly { name: string; configuration: Configuration }[] = [
  // A secret is masked; this one looks like its mask.
  { name: 'every key', configuration: resolved(readFileSync(new URL('../../../deploy/examples/reference.yml', import.meta.url), 'utf8').replaceAll('hackme', '****').replace('change-me-please', '********')) },
  {
    name: 'words that mean something to YAML, to weir and to a shell',
    configuration: resolved(`streams: { s: { command: [cat, "{{in}}", "{{", "$$\{{HOME}}", "$$$$", "a\\nb", "# x", "- y", "", "007", "true", " ", "'\\"", "\\u2028\\ud83d\\ude00"] } }`),
  },
  { name: 'awkward values', configuration: resolved('feeds: { 007: { file: "-", active: 1500ms }, true: { file: "/a $$ {b} #c", active: continuous } }\nstreams: { s: { feed: 007, format: raw, block_bytes: 3, content_type: "a$$/b" } }') },
  { name: 'awkward texts', configuration: resolved('streams: { s: { command: cat, title: "007", description: "# $${HOME} {{x}: *y", genre: "no: \'true\'", homepage: "http://x/$$(y)", overflow: "/$$y#z" } }\nedge: { busy_at: never, trusted_proxies: ["::1", "::", "fd00::/8", 1.2.3.4] }') },
];
for (const { name, configuration } of roundTrips) {
  test(`render: loads to the same again with ${name}`, () => {
    assert.deepEqual(parseConfiguration(renderConfiguration(configuration), 'rendered.yml', {}).configuration, configuration);
  });
}

const secrets: readonly [word: string, masked: string][] = [
  ['rtsp://user:s3cret@camera/live', 'rtsp://user:****@camera/live'],
  ['rtsp://user:s3:cr@t@camera:554/live', 'rtsp://user:****@camera:554/live'],
  ['srt://x:1?mode=caller&passphrase=s3cret&latency=20', 'srt://x:1?mode=caller&passphrase=****&latency=20'],
  ['https://x/y?token=s3cret', 'https://x/y?token=****'],
  ['Authorization: Bearer s3cret', 'Authorization: Bearer ****'],
  ['api_key=s3cret', 'api_key=****'],
  ['rtsp://camera:554/live', 'rtsp://camera:554/live'],
  ['keyint=50:keyframes=1', 'keyint=50:keyframes=1'],
  ['monkey=1', 'monkey=1'],
];
for (const [word, masked] of secrets) {
  test(`render: shows ${word} as ${masked}`, () => {
    const text = renderConfiguration(resolved(`streams: { s: { command: [cat, ${JSON.stringify(word)}] } }`));
    assert.deepEqual(resolved(text).feeds['s']?.source, { kind: 'command', command: { argv: ['cat', masked] }, feeds: [] });
  });
}

test('render: takes a megabyte of what almost looks like secrets', () => {
  const words = ['password'.repeat(1e5), '://'.repeat(3e5), 'a-'.repeat(3e5), `authorization:${' '.repeat(1e6)}`, `x://y:${':'.repeat(1e6)}`];
  assert.ok(renderConfiguration(resolved(`streams: { s: { command: ${JSON.stringify(['cat', ...words])} } }`)).length > 3e6);
});

test('render: masks what follows an option for a secret', () => {
  const text = renderConfiguration(resolved('streams: { s: { command: cat --password s3cret -token t0ken -i x } }'));
  assert.match(text, /\[cat, --password, "\*{4}", -token, "\*{4}", -i, x\]/);
});
