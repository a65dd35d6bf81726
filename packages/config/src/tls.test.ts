import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import test from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { MemoryBus } from '@weir/bus';
import { differenceOf } from './difference.ts';
import { publishConfiguration, watchConfiguration } from './distribution.ts';
import { problemLines, resolved } from './problem-lines.ts';
import { renderConfiguration } from './render.ts';
import type { Configuration } from './configuration.ts';

const withTls = (tls: string): string => `tls: ${tls}\nstreams: { a: { command: cat } }`;

test('tls: is none by default', () => {
  assert.equal(resolved('streams: { a: { command: cat } }').tls, null);
  assert.equal(resolved(withTls('')).tls, null);
});

test('tls: looks its files up beside the file that names them', () => {
  assert.deepEqual(resolved(withTls('{ cert_file: tls/cert.pem, key_file: /etc/weir/key.pem }')).tls, { certFile: resolve('tls/cert.pem'), keyFile: '/etc/weir/key.pem' });
});

test('tls: is rendered so that it loads again', () => {
  const tls = { certFile: '/a $b/cert.pem', keyFile: '/a/key.pem' };
  const text = renderConfiguration({ ...resolved(withTls('')), tls });
  assert.match(text, /^tls:\n {2}cert_file: \/a \$\$b\/cert\.pem\n {2}key_file: \/a\/key\.pem\n/m);
  assert.deepEqual(resolved(text).tls, tls);
});

for (const [tls, lines] of [
  ['cert.pem', ['6 tls: expected a mapping, got "cert.pem"']],
  ['{ cert_file: a }', ['1 tls: needs "key_file"']],
  ['{ cert_file: "", key_file: 5 }', ['19 tls.cert_file: expected more than nothing, got ""', '33 tls.key_file: expected a text, got 5']],
] as const) {
  test(`tls: refuses ${tls}`, () => assert.deepEqual(problemLines(withTls(tls)), lines.map((line) => `weir.yml:1:${line}`)));
}

test('tls: is a difference of its own', () => {
  const [one, other] = ['{ cert_file: a, key_file: b }', '{ cert_file: a, key_file: c }'].map((tls) => resolved(withTls(tls))) as [Configuration, Configuration];
  assert.equal(differenceOf(one, one).tls, false);
  assert.deepEqual(differenceOf(one, other), { changes: [], unchanged: 2, masters: false, edge: [], access: false, admin: false, listen: null, tls: true });
});

test('tls: is not published, since its paths are of one machine', async () => {
  const bucket = await new MemoryBus(() => {}).bucket('configuration', { ttlMillis: 0 });
  await publishConfiguration(bucket, resolved(withTls('{ cert_file: a, key_file: b }')), null);
  const told: (Configuration | null)[] = [];
  watchConfiguration(bucket, null, (one) => told.push(one));
  await setImmediate();
  assert.deepEqual(told.map((one) => one?.tls), [null]);
});
