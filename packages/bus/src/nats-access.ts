import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import type { PeerCertificate } from 'node:tls';
import { credsAuthenticator } from 'nats';
import type { Authenticator, ConnectionOptions, TlsOptions } from 'nats';
import { BusError } from './bus-error.ts';

/** How a NATS server is reached beyond its URL. Files are read again for each connection, so that they may be renewed. */
export interface NatsAccess {
  /** Certificates, as PEM, that the server's is checked with; null: those that Node.js comes with. */
  readonly caFile: string | null;
  /** This client's own certificate and key, as PEM. */
  readonly certFile: string | null;
  readonly keyFile: string | null;
  /** A user's JWT and nkey seed, as `nsc` writes them; in place of what stands in the URL. */
  readonly credsFile: string | null;
  /** The JetStream domain that has the buckets; null: that of the server. */
  readonly domain: string | null;
}

/** What a server on the same machine or in the same cluster needs: nothing. */
export const plainAccess: NatsAccess = { caFile: null, certFile: null, keyFile: null, credsFile: null, domain: null };

/** A server's URL as it may be shown. */
export function withoutCredentials(server: string): string {
  return server.replace(/^((?:\w+:\/\/)?)[^@/]*@/, '$1');
}

/**
 * What the library is told of TLS and of who this is.
 *
 * @throws BusError `denied` when the credentials file cannot be used
 */
export function accessSettings(servers: readonly string[], access: NatsAccess): ConnectionOptions {
  return { ...tlsSettings(servers, access), ...credentialsOf(servers, access) };
}

/** Told nothing, the library speaks TLS to a server that wants it and plainly to another; `tls:` and files rule that out. */
function tlsSettings(servers: readonly string[], { caFile, certFile, keyFile }: NatsAccess): ConnectionOptions {
  const asked = caFile !== null || certFile !== null || servers.some((server) => /^tls:/i.test(server));
  if (!asked) return {};
  const files: TlsOptions = { ...(caFile === null ? {} : { caFile }), ...(certFile === null ? {} : { certFile }), ...(keyFile === null ? {} : { keyFile }) };
  const identity = { checkServerIdentity: (host: string, certificate: PeerCertificate) => checkIdentity(host, certificate, servers) };
  return { tls: { ...files, ...identity } };
}

/** The library names no host when a server is named by its address, and Node.js then takes `localhost` for it. */
function checkIdentity(host: string, certificate: PeerCertificate, servers: readonly string[]): Error | undefined {
  const named = servers.map((server) => hostOf(server));
  const addresses = named.filter((name) => isIP(name) !== 0);
  if (host !== 'localhost' || named.includes(host) || addresses.length === 0) return checkServerIdentity(host, certificate);
  const faults = addresses.map((address) => checkServerIdentity(address, certificate));
  return faults.includes(undefined) ? undefined : faults[0];
}

function hostOf(server: string): string {
  const [, bracketed, plain = ''] = /^(?:\w+:\/\/)?(?:\[([^\]]*)\]|([^:/]*))/.exec(withoutCredentials(server)) ?? [];
  return bracketed ?? plain;
}

/** The library does not look for them in a URL. A user without a password is a token, as for NATS's own tools. */
function credentialsOf(servers: readonly string[], { credsFile }: NatsAccess): ConnectionOptions {
  if (credsFile !== null) return { authenticator: fromFile(credsFile) };
  for (const server of servers) {
    const [, user, password] = /^(?:\w+:\/\/)?([^:@/]+)(?::([^@/]*))?@/.exec(server) ?? [];
    if (user === undefined) continue;
    return password === undefined ? { token: decodeURIComponent(user) } : { user: decodeURIComponent(user), pass: decodeURIComponent(password) };
  }
  return {};
}

/** What throws in an authenticator closes the connection for good: while the file is being replaced, it counts as it was before. */
function fromFile(file: string): Authenticator {
  let good = readCredentials(file);
  return (nonce) => {
    try {
      good = readCredentials(file);
    } catch {
      // The server says so if what was there before is no longer good.
    }
    return good(nonce);
  };
}

function readCredentials(file: string): Authenticator {
  try {
    const authenticator = credsAuthenticator(readFileSync(file));
    authenticator('');
    return authenticator;
  } catch (cause) {
    throw new BusError('denied', `the NATS credentials file ${file} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
