import Koa from 'koa';
import type { Logger } from '@weir/telemetry';
import { inTurn } from './in-turn.ts';

/** Codes of errors that only say that a client went away, or did not send what it had announced. */
const hangUps = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ECONNABORTED', 'ETIMEDOUT', 'ERR_HTTP_REQUEST_TIMEOUT']);

/** True when an error only says that the other side went away. */
export function isHangUp(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && hangUps.has(String(error.code));
}

/**
 * A koa app that answers one request in each turn of the loop, whose answers are never cached or sniffed, and whose errors are plain text.
 *
 * @param logger told of requests whose fault is ours, never of a client that hung up
 */
export function createApp(logger: Pick<Logger, 'error'>): Koa {
  const app = new Koa();
  app.on('error', (error: unknown, context?: Koa.Context) => {
    const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
    if (isHangUp(error) || status < 500) return;
    logger.error('a request failed', { method: context?.method ?? '', path: context?.path ?? '', reason: String(error) });
  });
  app.use(inTurn());
  app.use(async (context, next) => {
    context.set(uncached);
    context.set('X-Content-Type-Options', 'nosniff');
    await next();
    if (context.respond !== false && context.status === 404 && context.body === undefined) {
      context.status = 404;
      context.type = 'text/plain';
      context.body = `There is nothing at ${printable(context.path)}.\n`;
    }
  });
  return app;
}

/** Headers that keep every cache and every buffering proxy away from something live. */
export const uncached: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-cache, no-store, must-revalidate, max-age=0',
  Pragma: 'no-cache',
  Expires: '0',
};

/** A client's text as it may stand in an answer or a line: bounded, without control characters. */
export function printable(text: string): string {
  return text.slice(0, 200).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');
}
