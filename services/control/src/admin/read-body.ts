import type { IncomingMessage } from 'node:http';
import { adminBodyBytesMax } from '../limits.ts';

/** A request's JSON object, empty where it has no body; or why it is none. */
export type RequestBody = { readonly value: Readonly<Record<string, unknown>> } | { readonly status: 400 | 413 | 415; readonly error: string };

/** Reads a small JSON object. Of a larger body the rest is thrown away as it comes, so that its sender gets the answer. */
export async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const bytes = await readBytes(request);
  if (bytes === null) return { status: 413, error: `A request may have ${adminBodyBytesMax} bytes.` };
  if (bytes.length === 0) return { value: {} };
  if ((request.headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') return { status: 415, error: 'Send the body as it is, without a Content-Encoding.' };
  // Forms of other sites can send anything but this.
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) return { status: 415, error: 'Send JSON, as Content-Type: application/json.' };
  try {
    const value: unknown = JSON.parse(bytes.toString());
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { value: value as Record<string, unknown> };
  } catch {
    // It is told below.
  }
  return { status: 400, error: 'The body is no JSON object.' };
}

/** Null when there are too many, or when the client has gone before the end: what it wanted is not done. */
function readBytes(request: IncomingMessage): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    request.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes > adminBodyBytesMax) resolve(null);
      else parts.push(part);
    });
    request.once('end', () => resolve(Buffer.concat(parts)));
    request.once('close', () => resolve(null));
  });
}
