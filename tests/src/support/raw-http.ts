import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** Sends bytes as they are over a connection of their own, and gives what comes back until `enough` or the end. */
export function exchange(url: string, request: string, enough: (answer: Buffer) => boolean, timeoutMillis = 15_000): Promise<{ answer: Buffer; ended: boolean; socket: Socket }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(request, 'latin1'));
    const parts: Buffer[] = [];
    const timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMillis} ms: ${Buffer.concat(parts).subarray(0, 500).toString('latin1')}`)), timeoutMillis);
    const settle = (ended: boolean): void => {
      clearTimeout(timer);
      resolve({ answer: Buffer.concat(parts), ended, socket });
    };
    socket.on('data', (part: Buffer) => {
      parts.push(part);
      if (enough(Buffer.concat(parts))) settle(false);
    });
    socket.once('error', () => settle(true));
    socket.once('close', () => settle(true));
  });
}

/** The head of an answer, and its body as sent. */
export function splitAnswer(answer: Buffer): { head: string; body: Buffer } {
  const end = answer.indexOf('\r\n\r\n');
  return { head: answer.subarray(0, Math.max(0, end)).toString('latin1'), body: answer.subarray(end + 4) };
}

/** A chunked body put together again, as far as it is whole. */
export function unchunk(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = body.indexOf('\r\n', at);
    if (line < 0) break;
    const length = Number.parseInt(body.subarray(at, line).toString('latin1'), 16);
    if (!(length > 0) || line + 2 + length > body.length) break;
    parts.push(body.subarray(line + 2, line + 2 + length));
    at = line + 2 + length + 2;
  }
  return Buffer.concat(parts);
}
