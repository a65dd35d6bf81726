import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a signed value begins with; what is not signed begins as gzip does. */
const mark: Buffer = Buffer.from('HS256:');

/** Bytes of an HMAC with SHA-256 (RFC 2104). */
const signatureBytes = 32;

/** Bytes of the shortest key: half of what RFC 2104 §3 recommends, so that 16 random letters will do. */
export const configurationKeyBytesMin = 16;

/** The value with its signature in front: mark, HMAC-SHA-256 of the value, value. */
export function signed(value: Uint8Array, key: Uint8Array): Uint8Array {
  return Buffer.concat([mark, signatureOf(value, key), value]);
}

/**
 * What was signed. Without a key nothing is checked, and a value that is not signed is as good as one that is.
 *
 * @throws Error for a value that is not signed with the key
 */
export function checked(stored: Uint8Array, key: Uint8Array | null): Uint8Array {
  const start = mark.length + signatureBytes;
  const isSigned = stored.length >= start && mark.equals(stored.subarray(0, mark.length));
  const value = isSigned ? stored.subarray(start) : stored;
  if (key === null) return value;
  if (!isSigned) throw new Error(`the published configuration is not signed and is refused: ${remedy}`);
  if (!timingSafeEqual(stored.subarray(mark.length, start), signatureOf(value, key))) {
    throw new Error(`the published configuration is signed with another key and is refused: ${remedy}`);
  }
  return value;
}

const remedy = 'give weir control the key that is used here (--config-key-file), and let nobody else write to the bucket';

function signatureOf(value: Uint8Array, key: Uint8Array): Buffer {
  return createHmac('sha256', key).update(value).digest();
}
