import type { IncomingMessage } from 'node:http';
import { adminBodyBytesMax } from '../limits.ts';

/** A request's JSON object, empty where it has no body; or why it is none. */
export type RequestBody = { readonly value: Readonly<Record<string, unknown>> } | { readonly status: 400 | 413 | 415; readonly error: string };

/** Reads a small JSON object to its end. */
export async function readBody(request: IncomingMessage): Promise<RequestBody> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > adminBodyBytesMax) return { status: 413, error: `A request may have ${adminBodyBytesMax} bytes.` };
    parts.push(part);
  }
  if (bytes === 0) return { value: {} };
  // Forms of other sites can send anything but this.
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) return { status: 415, error: 'Send JSON, as Content-Type: application/json.' };
  try {
    const value: unknown = JSON.parse(Buffer.concat(parts).toString());
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { value: value as Record<string, unknown> };
  } catch {
    // It is told below.
  }
  return { status: 400, error: 'The body is no JSON object.' };
}
