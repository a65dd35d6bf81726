import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import type { PeerCertificate } from 'node:tls';
import { nkeys } from 'nats';
import type { Authenticator, ConnectionOptions } from 'nats';
import { accessSettings, plainAccess, withoutCredentials } from './nats-access.ts';

test('NATS access: a user and password, or a token, come from the first URL that has them', () => {
  assert.deepEqual(accessSettings(['nats://a:1', 'nats://us%20er:p%40ss@b:1', 'nats://x:y@c:1'], plainAccess), { user: 'us er', pass: 'p@ss' });
  assert.deepEqual(accessSettings(['t%3Aoken@a:1'], plainAccess), { token: 't:oken' });
  assert.deepEqual(accessSettings(['a:1'], plainAccess), {});
});

test('NATS access: a URL is shown without credentials', () => {
  assert.deepEqual(['tls://u:p@h:1', 'token@h', 'nats://h:1'].map((server) => withoutCredentials(server)), ['tls://h:1', 'h', 'nats://h:1']);
});

test('NATS access: TLS is insisted on for tls: and with files, and not otherwise', () => {
  const insists = (server: string, files: object = {}): boolean => accessSettings([server], { ...plainAccess, ...files }).tls !== undefined;
  assert.deepEqual([insists('nats://a'), insists('tls://a'), insists('nats://a', { caFile: 'ca.pem' }), insists('nats://a', { certFile: 'c.pem', keyFile: 'k.pem' })], [false, true, true, true]);
});

test('NATS access: a certificate is checked against the name, or the addresses, of the servers', () => {
  const certificate = (names: string): PeerCertificate => ({ subject: { CN: 'x' }, subjectaltname: names }) as unknown as PeerCertificate;
  const takes = (servers: readonly string[], host: string, names: string): boolean => {
    const tls = accessSettings(servers, plainAccess).tls as ConnectionOptions['tls'] & { checkServerIdentity: (host: string, certificate: PeerCertificate) => Error | undefined };
    return tls.checkServerIdentity(host, certificate(names)) === undefined;
  };
  assert.equal(takes(['tls://n.example:1'], 'n.example', 'DNS:n.example'), true);
  assert.equal(takes(['tls://n.example:1'], 'n.example', 'DNS:m.example'), false);
  // What Node.js says when no name was given.
  assert.equal(takes(['tls://u:p@192.0.2.1:1'], 'localhost', 'IP Address:192.0.2.1'), true);
  assert.equal(takes(['tls://[2001:db8::1]:1'], 'localhost', 'IP Address:2001:DB8:0:0:0:0:0:1'), true);
  assert.equal(takes(['tls://192.0.2.1:1'], 'localhost', 'DNS:localhost'), false);
  assert.equal(takes(['tls://192.0.2.1:1'], 'localhost', 'IP Address:192.0.2.2'), false);
  assert.equal(takes(['tls://localhost:1'], 'localhost', 'DNS:localhost'), true);
});

/** A credentials file as `nsc` writes it. */
function credentials(jwt: string, seed: string): string {
  return `-----BEGIN NATS USER JWT-----\n${jwt}\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`;
}

test('NATS access: a credentials file signs the nonce, is read again for each connection, and counts on while it is gone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'weir-creds-'));
  const file = join(folder, 'edge.creds');
  const user = nkeys.createUser();
  const seed = new TextDecoder().decode(user.getSeed());
  await writeFile(file, credentials('first.of.two', seed));
  const { authenticator } = accessSettings(['nats://a:b@c'], { ...plainAccess, credsFile: file });
  const sign = authenticator as Authenticator;
  const { jwt, sig } = sign('nonce') as { jwt: string; sig: string };
  assert.equal(jwt, 'first.of.two');
  assert.ok(user.verify(Buffer.from('nonce'), Buffer.from(sig, 'base64url')));
  await writeFile(file, credentials('second.of.two', seed));
  assert.equal((sign('nonce') as { jwt: string }).jwt, 'second.of.two');
  await writeFile(file, credentials('third.of.two', seed).slice(0, 60));
  assert.equal((sign('nonce') as { jwt: string }).jwt, 'second.of.two');
  assert.throws(() => accessSettings(['nats://c'], { ...plainAccess, credsFile: file }), /^BusError: the NATS credentials file .*edge\.creds cannot be used: /);
  await rm(folder, { recursive: true });
  assert.equal((sign('nonce') as { jwt: string }).jwt, 'second.of.two');
  assert.throws(() => accessSettings(['nats://c'], { ...plainAccess, credsFile: file }), /^BusError: the NATS credentials file .* cannot be used: ENOENT/);
});
