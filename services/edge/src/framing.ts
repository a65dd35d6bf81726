/** How a response's body is delimited: by its end, or by chunks (RFC 9112 §7.1). */
export type Framing = 'identity' | 'chunked';

const crlf = Buffer.from('\r\n');

/** What ends a response that is complete; an `identity` one ends with its connection. */
export const lastChunk: Readonly<Record<Framing, Uint8Array | null>> = { identity: null, chunked: Buffer.from('0\r\n\r\n') };

/** One buffer for the parts as they go to the socket. A single part of an `identity` body is passed on as it is. */
export function frameParts(parts: readonly Uint8Array[], bytes: number, framing: Framing): Uint8Array {
  if (framing === 'identity') {
    const only = parts[0];
    return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts, bytes);
  }
  const head = Buffer.from(`${bytes.toString(16)}\r\n`);
  return Buffer.concat([head, ...parts, crlf], head.length + bytes + crlf.length);
}
