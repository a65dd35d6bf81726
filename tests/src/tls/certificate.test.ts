import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { CertificateError, readCertificate } from '@weir/http';
import { selfSigned } from '../support/self-signed.ts';

const folder = mkdtempSync(join(tmpdir(), 'weir-certificate-'));
after(() => rmSync(folder, { recursive: true }));
const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
const good = selfSigned();
const other = selfSigned();
const locked = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString();

const write = (cert: string | null, key: string | null): void => {
  for (const [file, text] of [[certFile, cert], [keyFile, key]] as const) {
    rmSync(file, { force: true });
    if (text !== null) writeFileSync(file, text);
  }
};

test('certificate: is read with its names and its end', () => {
  write(`${good.cert}${other.cert}`, good.key);
  const { cert, key, names, expiresMillis } = readCertificate({ certFile, keyFile });
  assert.deepEqual([cert, key, names], [good.cert + other.cert, good.key, 'IP Address:127.0.0.1']);
  assert.ok(Math.abs(expiresMillis - Date.now() - 86_400_000) < 60_000, new Date(expiresMillis).toISOString());
});

for (const [what, cert, key, says] of [
  ['no certificate', null, good.key, 'TLS certificate CERT: there is no such file'],
  ['no key', good.cert, null, 'TLS key KEY: there is no such file'],
  ['a key in place of the certificate', good.key, good.key, 'TLS certificate CERT: it does not begin with a certificate in PEM, -----BEGIN CERTIFICATE-----'],
  ['an empty certificate', '', good.key, 'TLS certificate CERT: it does not begin with a certificate in PEM, -----BEGIN CERTIFICATE-----'],
  ['half a certificate', good.cert.slice(0, 300), good.key, 'TLS certificate CERT: it does not begin with a certificate in PEM, -----BEGIN CERTIFICATE-----'],
  ['no key in the key file', good.cert, good.cert, 'TLS key KEY: it holds no private key in PEM'],
  ['a key with a passphrase', good.cert, locked, 'TLS key KEY: it has a passphrase, which nobody is there to type: store it without'],
  ["another certificate's key", good.cert, other.key, 'TLS key KEY: it is not the key of the first certificate in CERT, where a server\'s own must stand before those that signed it'],
  ['its own certificate last', other.cert + good.cert, good.key, 'TLS key KEY: it is not the key of the first certificate in CERT, where a server\'s own must stand before those that signed it'],
  ['more than a certificate', good.cert + ' '.repeat(300_000), good.key, 'TLS certificate CERT: it has more than 262144 bytes, and holds more than that'],
] as const) {
  test(`certificate: is refused with the file and the reason when there is ${what}`, () => {
    write(cert, key);
    assert.throws(() => readCertificate({ certFile, keyFile }), (error) => {
      assert.ok(error instanceof CertificateError);
      assert.equal(error.message, says.replace('CERT:', `${certFile}:`).replace('CERT,', `${certFile},`).replace('KEY', keyFile));
      return true;
    });
  });
}
