import type Koa from 'koa';
import type { Logger } from '@weir/telemetry';
import type { Address } from './address.ts';
import { createApp } from './app.ts';
import { listen } from './server.ts';
import type { Listening } from './server.ts';

/** What a process tells those who watch it. */
export interface Health {
  /** Null when new work is welcome, else why not. It may depend on NATS; being alive never does. */
  readonly notReady: () => string | null;
  readonly metrics: { readonly contentType: string; readonly text: () => Promise<string> };
}

/**
 * Answers `/healthz` (the process is alive), `/readyz` (200, or 503 with the reason) and `/metrics` on a port of their own, which
 * need not be reachable for listeners.
 *
 * @throws ListenError
 */
export function listenForHealth(health: Health, address: Address, logger: Logger): Promise<Listening> {
  const app = createApp(logger);
  app.use(answerHealth(health));
  return listen(app, address, { logger, port: 'side' });
}

function answerHealth({ notReady, metrics }: Health): Koa.Middleware {
  return async (context, next) => {
    if (context.path === '/healthz') {
      context.body = 'alive\n';
    } else if (context.path === '/readyz') {
      const reason = notReady();
      context.status = reason === null ? 200 : 503;
      context.body = reason === null ? 'ready\n' : `${reason}\n`;
    } else if (context.path === '/metrics') {
      const body = await metrics.text();
      context.set('Content-Type', metrics.contentType);
      context.body = body;
    } else {
      await next();
    }
  };
}
