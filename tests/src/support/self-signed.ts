import { generateKeyPairSync, sign } from 'node:crypto';

/** A key and a certificate for 127.0.0.1, as PEM; the certificate is its own authority. */
export interface SelfSigned {
  readonly key: string;
  readonly cert: string;
}

/** Makes a certificate (RFC 5280 §4.1) that is good from an hour ago to so long from now; a day when left out. */
export function selfSigned(goodMillis = 86_400_000): SelfSigned {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(der(0x06, Buffer.from('2a8648ce3d040302', 'hex'))); // ecdsa-with-SHA256
  const name = sequence(der(0x31, sequence(der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from('weir test')))));
  const alternativeName = der(0x04, sequence(der(0x87, Buffer.from([127, 0, 0, 1]))));
  const certified = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    der(0x02, Buffer.from([1])), // serialNumber
    algorithm,
    name, // issuer
    sequence(time(-3_600_000), time(goodMillis)), // validity
    name, // subject
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(sequence(der(0x06, Buffer.from('551d11', 'hex')), alternativeName))), // extensions: subjectAltName
  );
  const signature = sign('sha256', certified, privateKey);
  const certificate = sequence(certified, algorithm, der(0x03, Buffer.from([0]), signature));
  const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

/** One value with its tag and length (ITU-T X.690 §8.1). */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  const length = value.length < 0x80 ? [value.length] : value.length < 0x100 ? [0x81, value.length] : [0x82, value.length >> 8, value.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), value]);
}

/** GeneralizedTime, so long from now. */
function time(millis: number): Buffer {
  return der(0x18, Buffer.from(`${new Date(Date.now() + millis).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`));
}
