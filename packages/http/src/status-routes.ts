import Router from '@koa/router';
import { statusSchema } from '@weir/telemetry';
import type { FleetStatus, StreamStatus } from '@weir/telemetry';
import type Koa from 'koa';
import type { Context } from 'koa';
import { queryOf, readSignedQuery } from './access/signed-url.ts';
import type { TrustedProxies } from './client-address.ts';
import { pageAssets } from './pages/assets.ts';
import { edgeOrigin, hrefOf, playPath } from './pages/href.ts';
import { playPage } from './pages/play-page.ts';
import { contentSecurityPolicy } from './pages/security-policy.ts';
import type { PageNeeds } from './pages/security-policy.ts';
import { startPage } from './pages/start-page.ts';
import { statPage } from './pages/stat-page.ts';
import { requestOrigin } from './request-origin.ts';

/** Who serves the streams that the pages link to: this server; or the edges, at one address for all or each at what the status tells. */
export type StreamsAt = 'here' | { readonly edgesUrl: () => string | null };

const statPath = '/stat';

/** Answers `/`, `/stat`, `/stat.json`, `/stat.schema.json`, `/play/<stream>` and what the pages need; everything else goes on to the next middleware. */
export function addStatusRoutes(app: Koa, status: () => FleetStatus, streamsAt: StreamsAt, trusted: () => TrustedProxies): void {
  const router = new Router();
  const originOf = (context: Context): string => requestOrigin(context, trusted());
  router.get('/', (context) => {
    const now = status();
    const streamsOrigin = streamsOriginOf(now, originOf(context), streamsAt);
    sendPage(context, startPage(now, { origin: originOf(context), statPath, streamsOrigin }), elsewhere(streamsOrigin));
  });
  router.get(statPath, (context) => {
    const now = status();
    const streamsOrigin = streamsOriginOf(now, originOf(context), streamsAt);
    const options = { startPath: startPathOf(now), jsonPath: '/stat.json', streamsOrigin, refreshSeconds: refreshSecondsOf(context) };
    sendPage(context, statPage(now, options), elsewhere(streamsOrigin));
  });
  router.get('/stat.json', (context) => sendJson(context, status()));
  router.get('/stat.schema.json', (context) => sendJson(context, statusSchema));
  router.get(/^\/play\/./, (context, next) => {
    const now = status();
    const stream = now.streams.find(({ name }) => hrefOf(playPath(name)) === context.path);
    if (stream === undefined) return next();
    if (streamsAt === 'here') sendPlayPage(context, stream, now, originOf(context));
    else sendToEdge(context, streamsOriginOf(now, originOf(context), streamsAt));
    return undefined;
  });
  for (const [path, { contentType, body, immutable }] of pageAssets) {
    router.get(path, (context) => {
      if (immutable) keepForEver(context);
      context.set('Content-Type', contentType);
      context.body = body;
    });
  }
  app.use(router.routes());
  app.use(router.allowedMethods());
}

/** Nothing for this server, null when no edge is there. */
function streamsOriginOf({ edges }: FleetStatus, origin: string, streamsAt: StreamsAt): string | null {
  if (streamsAt === 'here') return '';
  if (edges[0] === undefined) return null;
  return edgeOrigin(streamsAt.edgesUrl() ?? edges[0].url, origin);
}

function elsewhere(streamsOrigin: string | null): PageNeeds {
  return { streamsOrigin: streamsOrigin ?? '' };
}

/** A stream at `/` stands where the start page would. */
function startPathOf({ streams }: FleetStatus): string | null {
  return streams.some(({ path }) => path === '/') ? null : '/';
}

/** `?refresh=SECONDS`, for browsers without scripts. */
function refreshSecondsOf(context: Context): number | null {
  const seconds = new URLSearchParams(context.querystring).get('refresh') ?? '';
  return /^[1-9]\d{0,3}$/.test(seconds) ? Number(seconds) : null;
}

function sendPlayPage(context: Context, stream: StreamStatus, status: FleetStatus, origin: string): void {
  const page = playPage(stream, { weirVersion: status.weirVersion, origin, startPath: startPathOf(status), statPath, signed: signedOf(context) });
  sendPage(context, page, { madeMedia: true });
}

/** Of a link that is one: what it says leads on to what the page plays. */
function signedOf(context: Context): string {
  const link = readSignedQuery(context.querystring);
  return link === null || link === 'malformed' ? '' : queryOf(link);
}

function sendToEdge(context: Context, edge: string | null): void {
  if (edge !== null) {
    context.redirect(edge + context.path + context.search);
    return;
  }
  context.status = 503;
  context.set('Retry-After', '5');
  context.body = 'No edge is there that could play it. Come again in 5 seconds.\n';
}

function sendPage(context: Context, page: string, needs: PageNeeds): void {
  context.set('Content-Security-Policy', contentSecurityPolicy(needs));
  context.set('Referrer-Policy', 'no-referrer');
  context.type = 'text/html; charset=utf-8';
  context.body = page;
}

function sendJson(context: Context, value: object): void {
  context.set('Access-Control-Allow-Origin', '*');
  context.type = 'application/json; charset=utf-8';
  context.body = `${JSON.stringify(value, null, 2)}\n`;
}

function keepForEver(context: Context): void {
  context.set('Cache-Control', 'public, max-age=31536000, immutable');
  context.remove('Pragma');
  context.remove('Expires');
}
