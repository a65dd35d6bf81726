import type { Context } from 'koa';
import type Koa from 'koa';
import { configuredName } from '@weir/config';
import { printable, queryOf, readSignedQuery, requestAddress, requestOrigin } from '@weir/http';
import type { TrustedProxies } from '@weir/http';
import { formatOf } from '@weir/media';
import type { InitFrame } from '@weir/media';
import type { Gatekeeper } from './access/gatekeeper.ts';
import type { Grant } from './access/grant.ts';
import type { EdgeMetrics, Refusal } from './edge-metrics.ts';
import { IcyInterleaver } from './icy.ts';
import { Listener } from './listener.ts';
import { retryAfterSeconds } from './limits.ts';
import type { Mount } from './mount.ts';
import { splitPlaylistPath } from './playlist.ts';
import { readStartQuery } from './start-query.ts';
import type { StartDemand } from './start-query.ts';
import { contentTypeOf, corsHeaders, icyHeaders, sendHead, streamHeaders } from './stream-response.ts';
import type { Admission } from './waiting.ts';

/** What the routes need of an edge. */
export interface MountTable {
  /** The mount at a path; undefined when there is none. */
  find(path: string): Mount | undefined;
  /** Why it cannot be said yet that there is no stream at a path; null when it can. */
  readonly unsure: (path: string) => string | null;
  /** Why one more listener is not taken; null when there is room. */
  readonly refusal: (mount: Mount) => Refusal | null;
  readonly trusted: () => TrustedProxies;
  /** The next listener's. */
  readonly number: () => number;
  readonly metrics: EdgeMetrics;
  readonly gate: Gatekeeper;
  /** Why those were let in whose stream asks for something, by request. */
  readonly grants: WeakMap<object, Grant>;
  /** Sockets that carry a stream: whatever else their client sends is no request of ours. */
  readonly streaming: WeakSet<object>;
}

/** What a mount and its pictures answer. */
export const methods = 'GET, HEAD, OPTIONS';

/** Serves streams; everything that is no mount goes on to the next middleware. */
export function streamRoutes(table: MountTable): Koa.Middleware {
  return async (context, next) => {
    if (table.streaming.has(context.req.socket)) {
      context.respond = false;
      context.req.socket.destroy();
      return;
    }
    const mount = table.find(context.path);
    if (mount?.stream.type === 'shot') {
      await next();
      return;
    }
    if (mount === undefined) {
      if (answerPlaylist(context, table)) return;
      await next();
      const unsure = context.status === 404 ? table.unsure(context.path) : null;
      if (unsure !== null) refuse(context, unsure);
      return;
    }
    if (context.method === 'GET') await serve(context, mount, table);
    else answerWithoutSource(context, mount);
  };
}

/** `<path of a stream>.m3u`, `.pls`, `.xspf`. */
function answerPlaylist(context: Context, table: MountTable): boolean {
  const playlist = splitPlaylistPath(context.path);
  const mount = playlist === null ? undefined : table.find(playlist.path);
  if (playlist === null || mount === undefined) return false;
  context.set(corsHeaders);
  if (context.method !== 'GET' && context.method !== 'HEAD') {
    context.status = 405;
    context.set('Allow', 'GET, HEAD');
    return true;
  }
  const { contentType, body } = playlist.write({ url: requestOrigin(context, table.trusted()) + mount.stream.path + signedSuffix(context), title: mount.stream.title ?? mount.stream.name });
  context.set('Content-Type', contentType);
  context.body = body;
  return true;
}

/** A playlist that a signed link led to leads on by it. */
function signedSuffix(context: Context): string {
  const link = readSignedQuery(context.querystring);
  return link === null || link === 'malformed' ? '' : `?${queryOf(link)}`;
}

/** HEAD and OPTIONS are answered from the configuration; no other method is known. */
function answerWithoutSource(context: Context, mount: Mount): void {
  if (context.method === 'HEAD') {
    context.status = 200;
    context.set(streamHeaders(contentTypeOf(mount.stream, mount.init)));
    return;
  }
  context.set({ Allow: methods, ...corsHeaders });
  context.status = context.method === 'OPTIONS' ? 204 : 405;
  if (context.method !== 'OPTIONS') context.body = `${printable(context.method)} is not allowed here: ${methods} are.\n`;
}

async function serve(context: Context, mount: Mount, table: MountTable): Promise<void> {
  let demand: StartDemand;
  try {
    demand = readStartQuery(new URLSearchParams(context.querystring), mount.stream);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    context.status = 400;
    context.body = `${error.message}.\n`;
    return;
  }
  const refusal = table.refusal(mount);
  if (refusal !== null) {
    table.metrics.refused(configuredName(mount.stream.name), refusal);
    turnAway(context, mount, refusal);
    return;
  }
  const startedMillis = performance.now();
  const own = mount.open();
  const gone = new AbortController();
  context.res.once('close', () => gone.abort());
  await new Promise<void>((resolve) => {
    own.admit(demand.start, demand.join, gone.signal, (admission) => {
      if (admission !== null && (!mayStart(context, own, table) || answerProbe(context, own, admission.init))) {
        own.settle();
      } else if (admission !== null) {
        table.streaming.add(context.req.socket);
        attach(context, own, admission, table);
        table.metrics.started(configuredName(mount.stream.name), (performance.now() - startedMillis) / 1000);
      } else if (gone.signal.aborted) {
        context.respond = false;
      } else {
        table.metrics.refused(configuredName(mount.stream.name), 'not-available');
        refuse(context, `The stream gave nothing within ${mount.stream.startTimeoutMillis / 1000} seconds.`);
      }
      resolve();
    });
  });
}

/** False, and answered, when who may listen has changed while the stream woke. */
function mayStart(context: Context, { stream }: Mount, { gate, grants, trusted }: MountTable): boolean {
  if (gate.holds(grants.get(context.req) ?? { by: 'anybody' }, stream.access, requestAddress(context, trusted()))) return true;
  context.status = 403;
  context.body = 'You may not listen any more.\n';
  return false;
}

/**
 * Safari asks for the first bytes of WAV and MP4 before it plays them, and wants 206 for that. Where ICY may be, every request
 * gets the stream: iOS forgets to ask for titles after a 206. A probe is no listener.
 */
function answerProbe(context: Context, mount: Mount, init: InitFrame): boolean {
  const last = /^bytes=0-(\d{1,6})$/.exec(context.get('Range'))?.[1];
  if (last === undefined || formatOf(init.format).icy || Number(last) >= init.payload.length) return false;
  const bytes = Buffer.from(init.payload.subarray(0, Number(last) + 1));
  context.set(streamHeaders(contentTypeOf(mount.stream, init)));
  context.set('Content-Range', `bytes 0-${last}/*`);
  context.status = 206;
  context.body = bytes;
  return true;
}

/** Takes the response out of koa's hands: from here on the mount writes to the socket. */
function attach(context: Context, mount: Mount, { init, cursor, behindMillis }: Admission, table: MountTable): void {
  context.respond = false;
  const { req: request } = context;
  const icy = formatOf(init.format).icy;
  const interleaver = icy && Number.parseInt(context.get('Icy-MetaData'), 10) > 0 ? new IcyInterleaver() : null;
  const framing = sendHead(request, {
    ...streamHeaders(contentTypeOf(mount.stream, init)),
    ...(icy ? icyHeaders(mount.stream, interleaver !== null) : {}),
    'X-Join-Behind': (behindMillis / 1000).toFixed(3),
  });
  const identity = {
    address: requestAddress(context, table.trusted()),
    method: request.method ?? '-',
    target: request.url ?? '-',
    httpVersion: request.httpVersion,
    referer: context.get('Referer'),
    userAgent: context.get('User-Agent'),
    grant: table.grants.get(request) ?? { by: 'anybody' as const },
  };
  mount.add(new Listener(table.number(), request.socket, cursor, framing, identity, interleaver, performance.now()));
}

/** Sends a listener who finds no room elsewhere, or tells when to come again. */
function turnAway(context: Context, mount: Mount, refusal: Refusal): void {
  if (refusal !== 'draining' && mount.stream.overflow !== null) {
    context.set(corsHeaders);
    context.status = 302;
    context.set('Location', mount.stream.overflow);
    return;
  }
  refuse(context, refusal === 'draining' ? 'This edge is about to stop.' : `No room for more ${refusal === 'listeners' ? 'listeners' : 'traffic'}.`);
}

/** Tells when to come again. */
export function refuse(context: Context, why: string): void {
  context.status = 503;
  context.set({ 'Retry-After': String(retryAfterSeconds), ...corsHeaders });
  context.body = `${why} Come again in ${retryAfterSeconds} seconds.\n`;
}
