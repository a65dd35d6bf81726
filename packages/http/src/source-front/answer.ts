import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { lingerMillis } from '../limits.ts';

/** A whole answer after which the connection is closed; the text says what to do, without a line end. */
export function formatAnswer(status: number, text: string, headers: Readonly<Record<string, string>> = {}): string {
  const body = text === '' ? '' : `${text}\n`;
  const lines = Object.entries({
    Date: new Date().toUTCString(),
    Connection: 'close',
    ...headers,
    ...(status === 204 ? {} : { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': String(Buffer.byteLength(body)) }),
  });
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

/**
 * Says a last word and closes. What the client still sends is read and thrown away for a moment: a close with unread bytes
 * resets the connection, and the client may lose the answer with it.
 */
export function endSocket(socket: Socket, lastWord: string): void {
  if (socket.destroyed) return;
  const timer = setTimeout(() => socket.destroy(), lingerMillis);
  socket.once('close', () => clearTimeout(timer));
  socket.on('error', () => socket.destroy());
  socket.setTimeout(0);
  socket.removeAllListeners('data');
  socket.end(lastWord);
  socket.resume();
}
