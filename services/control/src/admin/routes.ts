import type { Context, Middleware } from 'koa';
import { clientAddress, printable, proxiedAddress, requestOrigin } from '@weir/http';
import type { TrustedProxies } from '@weir/http';
import type { Logger } from '@weir/telemetry';
import { loginRetrySeconds } from '../limits.ts';
import type { AdminGate } from './admin-gate.ts';
import { refused } from './admin-route.ts';
import type { AdminAnswer, AdminRoute } from './admin-route.ts';
import { readBody } from './read-body.ts';

/** What routes are answered with. */
export interface AdminRoutesOptions {
  readonly routes: readonly AdminRoute[];
  readonly gate: AdminGate;
  readonly logger: Logger;
  readonly trusted: () => TrustedProxies;
}

interface Match {
  readonly route: AdminRoute;
  readonly parameters: Readonly<Record<string, string>>;
}

const disabled = 'Nobody may administer this weir, for it has no token: set admin: { token_file: ... } in its configuration, or WEIR_ADMIN_TOKEN_FILE, and reload or restart it.';

/** Answers the routes, and everything else below `/admin/`; the rest goes on to the next middleware. */
export function adminRoutes({ routes, gate, logger, trusted }: AdminRoutesOptions): Middleware {
  const patterns = routes.map((route) => ({ route, pattern: new RegExp(`^${route.path.replace(/[.]/g, '\\$&').replace(/\{\w+\}/g, '([^/]+)')}$`) }));
  const matchesOf = (path: string): readonly Match[] =>
    patterns.flatMap(({ route, pattern }) => {
      const values = pattern.exec(path)?.slice(1).map(decoded);
      return values === undefined || values.includes(null) ? [] : { route, parameters: named(route.path, values as string[]) };
    });

  return async (context, next) => {
    const matches = matchesOf(context.path);
    if (matches.length === 0 && context.path !== '/admin' && !context.path.startsWith('/admin/')) {
      await next();
      return;
    }
    const { match, answer = refused(404, 'There is nothing to administer at this path.') } = choose(context, matches);
    if (match === undefined) send(context, answer);
    else await serve(context, match);
  };

  async function serve(context: Context, { route, parameters }: Match): Promise<void> {
    const forwarding = { xForwardedFor: context.get('X-Forwarded-For'), forwarded: context.get('Forwarded') };
    const address = clientAddress(proxiedAddress(context.req.socket) ?? context.req.socket.remoteAddress ?? '-', forwarding, trusted());
    const verdict = route.access === 'open' ? { by: '' } : gate.check(context.get('Authorization'), route.access === 'read', address, performance.now());
    const what = { method: context.method, path: printable(context.path), address };
    if ('refused' in verdict) {
      refuse(context, verdict.refused, route.access);
      if (verdict.refused === 'wrong') logger.warn('an administrator was refused', { ...what, reason: 'wrong token' });
      return;
    }
    const body = route.method === 'GET' ? { value: {} } : await readBody(context.req);
    if (route.access === 'open') context.set('Access-Control-Allow-Origin', '*');
    const call = { parameters, query: new URLSearchParams(context.querystring), origin: requestOrigin(context, trusted()) };
    const answer = 'error' in body ? refused(body.status, body.error) : await route.answer({ ...call, body: body.value });
    if (route.access === 'action') logger.info('an administrator acted', { ...what, by: printable(verdict.by), ...('error' in body ? {} : { body: JSON.stringify(body.value) }), status: answer.status });
    send(context, answer);
  }
}

/** The route for the method; or the answer where there is none. */
function choose(context: Context, matches: readonly Match[]): { readonly match?: Match; readonly answer?: AdminAnswer } {
  if (matches.length === 0) return {};
  const method = context.method === 'HEAD' ? 'GET' : context.method;
  const match = matches.find(({ route }) => route.method === method);
  // A page of another site cannot know the token; should it have it, its visitor does not know what it does.
  if (match !== undefined && match.route.access !== 'open' && isForeign(context)) return { answer: refused(403, 'Pages of other sites may not administer.') };
  if (match !== undefined) return { match };
  const methods = matches.flatMap(({ route }) => (route.method === 'GET' ? ['GET', 'HEAD'] : route.method));
  context.set('Allow', [...new Set([...methods, 'OPTIONS'])].join(', '));
  return { answer: method === 'OPTIONS' ? { status: 204, body: '' } : refused(405, `${printable(context.method)} is not allowed here: ${context.response.get('Allow')} are.`) };
}

function isForeign(context: Context): boolean {
  const origin = context.get('Origin');
  return origin !== '' && !(URL.canParse(origin) && new URL(origin).host === context.get('Host'));
}

function refuse(context: Context, why: 'disabled' | 'missing' | 'wrong' | 'too-many', access: AdminRoute['access']): void {
  if (why === 'disabled') {
    send(context, refused(403, disabled));
  } else if (why === 'too-many') {
    context.set('Retry-After', String(loginRetrySeconds));
    send(context, refused(429, 'Too many wrong tokens came from your address: come again later.'));
  } else {
    context.set('WWW-Authenticate', access === 'read' ? 'Basic realm="weir", charset="UTF-8"' : 'Bearer realm="weir"');
    send(context, refused(401, `${why === 'missing' ? 'Show' : 'The token is wrong: show'} the token of this weir's configuration, as Authorization: Bearer TOKEN.`));
  }
}

function send(context: Context, { status, body, type = 'application/json; charset=utf-8' }: AdminAnswer): void {
  context.status = status;
  if (status === 204) return;
  context.set('Content-Type', type);
  context.body = typeof body === 'string' ? body : `${JSON.stringify(body, null, 2)}\n`;
}

function named(path: string, values: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries([...path.matchAll(/\{(\w+)\}/g)].map(([, name = ''], index) => [name, values[index] ?? '']));
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
