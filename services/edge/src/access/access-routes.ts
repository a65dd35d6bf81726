import type { Context } from 'koa';
import type Koa from 'koa';
import { configuredName } from '@weir/config';
import { requestAddress } from '@weir/http';
import { retryAfterSeconds } from '../limits.ts';
import type { Mount } from '../mount.ts';
import { splitPicturePath } from '../pictures/picture-query.ts';
import { splitPlaylistPath } from '../playlist.ts';
import type { MountTable } from '../routes.ts';
import { corsHeaders } from '../stream-response.ts';
import type { Verdict } from './gatekeeper.ts';
import type { AccessRefusal } from './grant.ts';

/**
 * Stands before every route that reveals anything of a stream's media: the stream under its paths, its pictures, its playlists and
 * the page that plays it, whatever the method. OPTIONS alone is let through: browsers ask it without a password, and it tells nothing.
 */
export function accessRoutes(table: MountTable): Koa.Middleware {
  return async (context, next) => {
    const mount = context.method === 'OPTIONS' || table.streaming.has(context.req.socket) ? undefined : mountBehind(context.path, table);
    const access = mount?.stream.access ?? null;
    if (mount === undefined || access === null) {
      await next();
      return;
    }
    const address = requestAddress(context, table.trusted());
    const { name, path } = mount.stream;
    const verdict = await table.gate.admit(access, {
      address,
      authorization: context.req.headers.authorization,
      query: context.querystring,
      paths: [path, `/stream/${name}`, context.path],
    });
    if (verdict.is === 'refused') {
      turnAway(context, mount, verdict, table);
      return;
    }
    const { grant } = verdict;
    table.grants.set(context.req, grant);
    await next();
    // A picture, or a first frame, may have taken a while.
    if (context.respond !== false && !table.gate.holds(grant, mount.stream.access, address)) turnAway(context, mount, { is: 'refused', why: 'revoked' }, table);
  };
}

/** The stream whose media, or a way to it, is at a path. */
function mountBehind(path: string, table: MountTable): Mount | undefined {
  const own = table.find(path);
  if (own !== undefined) return own;
  const leads = [splitPlaylistPath(path)?.path, splitPicturePath(path), playedPath(path)];
  return leads.flatMap((each) => (typeof each === 'string' ? (table.find(each) ?? []) : []))[0];
}

/** `/stream/<name>` for `/play/<name>`; null for any other path. */
function playedPath(path: string): string | null {
  if (!path.startsWith('/play/')) return null;
  try {
    return decodeURIComponent(path).replace('/play/', '/stream/');
  } catch {
    return null;
  }
}

const texts: Readonly<Record<AccessRefusal, string>> = {
  address: 'This address may not listen.',
  'no-login': 'Who may listen has a user and password.',
  'wrong-login': 'User or password is wrong.',
  throttled: 'Too many wrong passwords have come from this address.',
  busy: 'Too many logins at the same time.',
  'wrong-signature': 'This link is not as it was signed, or is for somebody else.',
  expired: 'This link has expired.',
  revoked: 'You may not listen any more.',
};

function turnAway(context: Context, { stream }: Mount, { why, retryAfterSeconds: wait = retryAfterSeconds }: Extract<Verdict, { is: 'refused' }>, table: MountTable): void {
  table.metrics.refused(configuredName(stream.name), why);
  const realm = stream.access === null ? null : table.gate.realmOf(stream.access);
  context.set(corsHeaders);
  context.body = `${why === 'no-login' && realm === null ? 'Who may listen has a signed link.' : texts[why]}\n`;
  if (why === 'throttled' || why === 'busy') {
    context.status = why === 'busy' ? 503 : 429;
    context.set('Retry-After', String(wait));
  } else if ((why === 'no-login' || why === 'wrong-login') && realm !== null) {
    context.status = 401;
    context.set('WWW-Authenticate', `Basic realm="${realm}", charset="UTF-8"`);
  } else {
    context.status = 403;
  }
}
