import type { Context, Middleware } from 'koa';
import { clientAddress, proxiedAddress } from '@weir/http';
import type { TrustedProxies } from '@weir/http';
import { metadataFormBytesMax } from '../limits.ts';
import { answerMetadata, answerShoutcastMetadata } from './metadata.ts';
import { pushMethods } from './push-routes.ts';
import type { PushRoutes } from './push-routes.ts';

/**
 * Answers what sources ask besides pushing: metadata updates, OPTIONS, and what comes too late on a connection. It belongs after
 * whatever serves listeners, who may use the same path.
 */
export function pushRoutes(routes: PushRoutes, trusted: () => TrustedProxies): Middleware {
  return async (context, next) => {
    if (context.path === '/admin/metadata' || context.path === '/admin.cgi') {
      await answerUpdate(context, routes, trusted());
    } else if (context.method === 'OPTIONS' && (context.path === '*' || routes.has(decoded(context.path)))) {
      context.status = 204;
      // libshout asks first, and would send its source on the same connection: only a connection's first request is looked at.
      context.set({ Allow: context.path === '*' ? `GET, HEAD, ${pushMethods}` : pushMethods, Connection: 'close' });
    } else if (routes.claims(context.method, decoded(context.path))) {
      context.status = 400;
      context.set('Connection', 'close');
      context.body = 'A source needs a connection of its own: open a new one.\n';
    } else {
      await next();
    }
  };
}

async function answerUpdate(context: Context, routes: PushRoutes, trusted: TrustedProxies): Promise<void> {
  if (context.method !== 'GET' && context.method !== 'POST') {
    context.status = 405;
    context.set('Allow', 'GET, POST');
    return;
  }
  if (!['', 'identity'].includes(context.get('Content-Encoding').toLowerCase())) {
    context.status = 415;
    context.body = 'Send the form as it is, without a Content-Encoding.\n';
    return;
  }
  const form = context.method === 'POST' ? await readForm(context) : '';
  if (form === null) {
    context.status = 413;
    context.body = `A metadata update may have ${metadataFormBytesMax} bytes.\n`;
    return;
  }
  const query = [context.querystring, form].filter((part) => part !== '').join('&');
  const forwarding = { xForwardedFor: context.get('X-Forwarded-For'), forwarded: context.get('Forwarded') };
  const address = clientAddress(proxiedAddress(context.req.socket) ?? context.req.socket.remoteAddress ?? '-', forwarding, trusted);
  const answer = context.path === '/admin.cgi' ? await answerShoutcastMetadata(routes, query, address) : await answerMetadata(routes, query, context.get('Authorization'), address);
  context.status = answer.status;
  context.set({ ...answer.headers, 'Content-Type': answer.type });
  context.body = answer.body;
}

/** The body of a form; null when it is too long. */
async function readForm(context: Context): Promise<string | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of context.req as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > metadataFormBytesMax) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('latin1').trim();
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
