import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { certificateFileBytesMax } from '../limits.ts';

/** Where a certificate and its key stand, in PEM. */
export interface CertificateFiles {
  /** The certificate, then those that lead from it to its authority. */
  readonly certFile: string;
  /** Without a passphrase. */
  readonly keyFile: string;
}

/** A certificate that a server can show. */
export interface Certificate {
  /** PEM, as in the file. */
  readonly cert: string;
  /** PEM; a secret. */
  readonly key: string;
  /** The names it is for, as `DNS:radio.example.org, IP Address:192.0.2.1`; else its subject. */
  readonly names: string;
  /** Unix time after which no client takes it. */
  readonly expiresMillis: number;
}

/** A certificate or its key cannot be used; `message` says which file and why. */
export class CertificateError extends Error {
  override readonly name = 'CertificateError';
}

/** @throws CertificateError when TLS could not be spoken with what the files hold */
export function readCertificate({ certFile, keyFile }: CertificateFiles): Certificate {
  const cert = readText('certificate', certFile);
  const leaf = parseCertificate(cert, certFile);
  const key = readText('key', keyFile);
  if (!leaf.checkPrivateKey(parseKey(key, keyFile))) {
    throw new CertificateError(`TLS key ${keyFile}: it is not the key of the first certificate in ${certFile}, where a server's own must stand before those that signed it`);
  }
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    throw new CertificateError(`TLS certificate ${certFile}: ${messageOf(cause)}`, { cause });
  }
  return { cert, key, names: leaf.subjectAltName ?? leaf.subject, expiresMillis: Date.parse(leaf.validTo) };
}

function readText(what: string, file: string): string {
  try {
    const bytes = readFileSync(file);
    if (bytes.length <= certificateFileBytesMax) return bytes.toString();
  } catch (cause) {
    throw new CertificateError(`TLS ${what} ${file}: ${unreadable(cause)}`, { cause });
  }
  throw new CertificateError(`TLS ${what} ${file}: it has more than ${certificateFileBytesMax} bytes, and holds more than that`);
}

function unreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES') return 'this user may not read it';
  return messageOf(error);
}

function parseCertificate(pem: string, file: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new CertificateError(`TLS certificate ${file}: it does not begin with a certificate in PEM, -----BEGIN CERTIFICATE-----`, { cause });
  }
}

function parseKey(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    const why = pem.includes('ENCRYPTED') ? 'it has a passphrase, which nobody is there to type: store it without' : 'it holds no private key in PEM';
    throw new CertificateError(`TLS key ${file}: ${why}`, { cause });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
