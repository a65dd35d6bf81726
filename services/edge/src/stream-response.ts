import type { IncomingMessage } from 'node:http';
import type { StreamConfiguration } from '@weir/config';
import { uncached } from '@weir/http';
import { findFormat, formatOf } from '@weir/media';
import type { InitFrame } from '@weir/media';
import type { Framing } from './framing.ts';
import { icyInterval } from './icy.ts';

/** Anyone's page may play a stream; none may do more. */
export const corsHeaders: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, HEAD, OPTIONS',
  'Access-Control-Allow-Headers': 'Icy-MetaData, Range, If-Range, Authorization',
  'Access-Control-Expose-Headers': 'icy-metaint, icy-name, icy-genre, icy-br, icy-url, icy-description, icy-pub, icy-sr, Content-Type, Content-Range',
  'Access-Control-Max-Age': '86400',
};

/** The MIME type of a stream: configured, told by its init, else guessed from its format or its path's extension. */
export function contentTypeOf(stream: StreamConfiguration, init: InitFrame | null): string {
  if (stream.contentType !== null) return stream.contentType;
  if (init !== null) return init.contentType;
  const format = stream.format === null ? findFormat(/\.([A-Za-z0-9]+)$/.exec(stream.path)?.[1] ?? '') : formatOf(stream.format);
  return format?.contentType ?? 'application/octet-stream';
}

/** The headers of a live stream, framing aside. */
export function streamHeaders(contentType: string): Record<string, string> {
  return {
    'Content-Type': contentType,
    ...uncached,
    ...corsHeaders,
    Connection: 'close',
    'X-Accel-Buffering': 'no',
    'X-Content-Type-Options': 'nosniff',
    Server: 'weir',
  };
}

/** What internet radio players show of a stream, and where they find titles in it. */
export function icyHeaders(stream: StreamConfiguration, interleaved: boolean): Record<string, string> {
  const headers: Record<string, string> = { 'icy-name': headerText(stream.title ?? stream.name), 'icy-pub': '0' };
  if (stream.description !== null) headers['icy-description'] = headerText(stream.description);
  if (stream.genre !== null) headers['icy-genre'] = headerText(stream.genre);
  if (stream.homepage !== null) headers['icy-url'] = headerText(stream.homepage);
  if (interleaved) headers['icy-metaint'] = String(icyInterval);
  return headers;
}

/** Text as it may stand in a header: UTF-8, each byte as one Latin-1 character, which is what players of ICY read. */
function headerText(text: string): string {
  return Buffer.from(text.replace(/\p{Cc}/gu, ' ')).toString('latin1');
}

/** What may not stand in a header's value; written as Latin-1 a higher character could turn into the end of the line. */
const noHeaderText = /[^\x20-\x7e\x80-\xff]/g;

/**
 * Sends the head and says how the body is to be framed: chunked for HTTP/1.1, up to the end for HTTP/1.0. It is written to the
 * socket itself, as what follows is: Node's own would encode ICY's text a second time.
 */
export function sendHead(request: IncomingMessage, headers: Readonly<Record<string, string>>): Framing {
  const framing: Framing = request.httpVersionMinor >= 1 ? 'chunked' : 'identity';
  const all = { ...headers, Date: new Date().toUTCString(), ...(framing === 'chunked' ? { 'Transfer-Encoding': 'chunked' } : {}) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value.replace(noHeaderText, '?')}\r\n`);
  request.socket.write(`HTTP/1.1 200 OK\r\n${lines.join('')}\r\n`, 'latin1');
  return framing;
}
