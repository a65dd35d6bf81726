import { isIP } from 'node:net';

/**
 * The PROXY protocol, versions 1 and 2 (haproxy.org, doc/proxy-protocol.txt, §2): what a load balancer says in front of a
 * connection about who the client is.
 */
export type ProxyHeader =
  /** More bytes are needed. */
  | { readonly kind: 'short' }
  | { readonly kind: 'invalid' }
  /** `bytes` of header; `address` is null when the balancer speaks for itself (health checks). */
  | { readonly kind: 'header'; readonly bytes: number; readonly address: string | null };

/** Bytes of a version 1 line, and of a version 2 header with room for extensions. */
const lineBytesMax = 107;
const binaryBytesMax = 16 + 4096;

const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');

/** Reads the header at the start of a connection. It never asks for more than a few kilobytes. */
export function readProxyHeader(bytes: Buffer): ProxyHeader {
  const known = Math.min(bytes.length, signature.length);
  if (bytes.subarray(0, known).equals(signature.subarray(0, known))) return known < signature.length ? { kind: 'short' } : readBinary(bytes);
  return readLine(bytes);
}

function readLine(bytes: Buffer): ProxyHeader {
  const start = bytes.subarray(0, 6).toString('latin1');
  if (!'PROXY '.startsWith(start)) return { kind: 'invalid' };
  const end = bytes.subarray(0, lineBytesMax).indexOf('\r\n');
  if (end < 0) return bytes.length >= lineBytesMax ? { kind: 'invalid' } : { kind: 'short' };
  const [, protocol, source = ''] = bytes.subarray(0, end).toString('latin1').split(' ');
  if (protocol === 'UNKNOWN') return { kind: 'header', bytes: end + 2, address: null };
  const family = isIP(source);
  const right = (protocol === 'TCP4' && family === 4) || (protocol === 'TCP6' && family === 6);
  return right ? { kind: 'header', bytes: end + 2, address: source } : { kind: 'invalid' };
}

function readBinary(bytes: Buffer): ProxyHeader {
  if (bytes.length < 16) return { kind: 'short' };
  const [version, command] = [bytes.readUInt8(12) >> 4, bytes.readUInt8(12) & 0xf];
  const end = 16 + bytes.readUInt16BE(14);
  if (version !== 2 || command > 1 || end > binaryBytesMax) return { kind: 'invalid' };
  if (bytes.length < end) return { kind: 'short' };
  const family = bytes.readUInt8(13) >> 4;
  if (command === 0 || family === 0 || family === 3) return { kind: 'header', bytes: end, address: null };
  const length = family === 1 ? 4 : 16;
  if (end < 16 + 2 * length + 4) return { kind: 'invalid' };
  const source = bytes.subarray(16, 16 + length);
  const address = family === 1 ? source.join('.') : Array.from({ length: 8 }, (_, index) => source.readUInt16BE(2 * index).toString(16)).join(':');
  return { kind: 'header', bytes: end, address };
}
