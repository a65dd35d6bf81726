import Router from '@koa/router';
import type { FleetStatus } from '@weir/telemetry';
import type Koa from 'koa';
import type { Context } from 'koa';
import { requestOrigin } from './request-origin.ts';
import { pageAssets } from './pages/assets.ts';
import { contentSecurityPolicy } from './pages/security-policy.ts';
import { startPage } from './pages/start-page.ts';
import { statPage } from './pages/stat-page.ts';

/** Answers `/`, `/stat`, `/stat.json` and what the pages need; everything else goes on to the next middleware. */
export function addStatusRoutes(app: Koa, status: () => FleetStatus): void {
  const router = new Router();
  router.get('/', (context) => sendPage(context, startPage(status(), { origin: requestOrigin(context), statPath: '/stat' })));
  router.get('/stat', (context) => sendPage(context, statPage(status(), { startPath: '/', jsonPath: '/stat.json' })));
  router.get('/stat.json', (context) => sendJson(context, status()));
  for (const [path, { contentType, body }] of pageAssets) {
    router.get(path, (context) => {
      context.set('Content-Type', contentType);
      context.body = body;
    });
  }
  app.use(router.routes());
  app.use(router.allowedMethods());
}

function sendPage(context: Context, page: string): void {
  context.set('Content-Security-Policy', contentSecurityPolicy);
  context.set('Referrer-Policy', 'no-referrer');
  context.type = 'text/html; charset=utf-8';
  context.body = page;
}

function sendJson(context: Context, status: FleetStatus): void {
  context.set('Access-Control-Allow-Origin', '*');
  context.type = 'application/json; charset=utf-8';
  context.body = `${JSON.stringify(status, null, 2)}\n`;
}
