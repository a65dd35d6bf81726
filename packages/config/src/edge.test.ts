import assert from 'node:assert/strict';
import test from 'node:test';
import { problemLines, resolved } from './problem-lines.ts';
import type { EdgeConfiguration } from './configuration.ts';

const withEdge = (edge: string): string => `edge: ${edge}\nstreams: { a: { command: cat } }`;

const defaults: EdgeConfiguration = { listenersMax: null, bitsPerSecondMax: null, trustedProxies: [], proxyProtocol: false, url: null };

const cases: readonly [edge: string, changes: Partial<EdgeConfiguration>][] = [
  ['', {}],
  ['{}', {}],
  ['{ max_listeners: 1 }', { listenersMax: 1 }],
  ['{ max_listeners: "1000000" }', { listenersMax: 1_000_000 }],
  ['{ max_bandwidth: 1kbit/s }', { bitsPerSecondMax: 1000 }],
  ['{ max_bandwidth: 1000Gbit/s }', { bitsPerSecondMax: 1e12 }],
  ['{ trusted_proxies: [] }', {}],
  ['{ trusted_proxies: [0.0.0.0/0, 10.0.0.7/32, "::", ::1, "fd00::/8", "::ffff:10.0.0.0/104"] }', { trustedProxies: ['0.0.0.0/0', '10.0.0.7/32', '::', '::1', 'fd00::/8', '::ffff:10.0.0.0/104'] }],
  ['{ proxy_protocol: false }', {}],
  ['{ proxy_protocol: true, trusted_proxies: [10.0.0.7] }', { proxyProtocol: true, trustedProxies: ['10.0.0.7'] }],
  ['{ url: https://radio.example }', { url: 'https://radio.example' }],
  ['{ url: "http://[fd00::1]:8090" }', { url: 'http://[fd00::1]:8090' }],
];
for (const [edge, changes] of cases) {
  test(`edge: takes ${edge === '' ? 'nothing' : edge}`, () => assert.deepEqual(resolved(withEdge(edge)).edge, { ...defaults, ...changes }));
}

test('edge: has no limits and trusts nobody by default', () => assert.deepEqual(resolved('streams: { a: { command: cat } }').edge, defaults));

const listeners = 'expected a whole number from 1 to 1000000';
const network = 'expected an IPv4 or IPv6 address, or a network such as 10.0.0.0/8 or "fd00::/8"';
const alone = "needs the load balancers' addresses under trusted_proxies beside it: from anyone else the header could name any client";
const url = 'expected where a server answers, such as https://example.org or http://10.0.0.7:8090, without a path';
const errors: readonly [edge: string, lines: readonly string[]][] = [
  ['[]', ['7 edge: expected a mapping, got a list']],
  ['5', ['7 edge: expected a mapping, got 5']],
  ['{ max_listeners: 1.5 }', [`24 edge.max_listeners: ${listeners}, got 1.5`]],
  ['{ max_listeners: 1000001 }', [`24 edge.max_listeners: ${listeners}, got 1000001`]],
  ['{ max_listeners: -1 }', [`24 edge.max_listeners: ${listeners}, got -1`]],
  ['{ max_listeners: }', [`24 edge.max_listeners: ${listeners}, got nothing`]],
  ['{ max_bandwidth: 2000Gbit/s }', ['24 edge.max_bandwidth: expected a bit rate from 1kbit/s to 1000Gbit/s, got "2000Gbit/s"']],
  ['{ trusted_proxies: 10.0.0.7 }', ['26 edge.trusted_proxies: expected a list, got "10.0.0.7"']],
  [
    '{ trusted_proxies: [10.0.0.7, 10.0.0.0/33, "::/129", 10.0, 10.0.0.0/8/8, balancer, "fe80::1%eth0", 10.0.0.7:80] }',
    [
      ['37', 1, '"10.0.0.0/33"'],
      ['50', 2, '"::/129"'],
      ['60', 3, '10.0'],
      ['66', 4, '"10.0.0.0/8/8"'],
      ['80', 5, '"balancer"'],
      ['90', 6, '"fe80::1%eth0"'],
      ['106', 7, '"10.0.0.7:80"'],
    ].map(([column, index, got]) => `${column} edge.trusted_proxies.${index}: ${network}, got ${got}`),
  ],
  ['{ proxy_protocol: true }', [`9 edge.proxy_protocol: ${alone}`]],
  ['{ proxy_protocol: true, trusted_proxies: [] }', [`9 edge.proxy_protocol: ${alone}`]],
  ['{ proxy_protocol: true, trusted_proxis: [10.0.0.7] }', ['31 edge.trusted_proxis: unknown key; did you mean "trusted_proxies"?']],
  ...['http://a/', 'http://a/b', 'ftp://a', 'radio.example', 'http://a:99999'].map((text): [string, string[]] => [`{ url: "${text}" }`, [`14 edge.url: ${url}, got "${text}"`]]),
];
for (const [edge, lines] of errors) {
  test(`edge: refuses ${edge}`, () => assert.deepEqual(problemLines(withEdge(edge)), lines.map((line) => `weir.yml:1:${line}`)));
}
