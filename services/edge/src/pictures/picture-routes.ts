import type { Context } from 'koa';
import type Koa from 'koa';
import { configuredName } from '@weir/config';
import { printable } from '@weir/http';
import { formatOf } from '@weir/media';
import type { NoPicture, Picture } from '@weir/wire';
import { pictureSendMillis, picturesSendingBytesMax } from '../limits.ts';
import type { Mount } from '../mount.ts';
import { methods, refuse } from '../routes.ts';
import type { MountTable } from '../routes.ts';
import { corsHeaders } from '../stream-response.ts';
import { readPictureQuery, splitPicturePath } from './picture-query.ts';
import type { PictureDemand } from './picture-query.ts';

/** Answers `<path of a stream>/pic`, and the path of a stream of type `shot`; everything else goes on to the next middleware. */
export function pictureRoutes(table: MountTable): Koa.Middleware {
  const sending = { bytes: 0 };
  return async (context, next) => {
    const mount = mountOf(context.path, table);
    if (mount === undefined) {
      await next();
      return;
    }
    context.set(corsHeaders);
    await answer(context, mount, table, sending);
    if (context.method === 'GET' && context.respond !== false) table.metrics.picture(configuredName(mount.stream.name), context.status);
  };
}

function mountOf(path: string, table: MountTable): Mount | undefined {
  const own = table.find(path);
  if (own?.stream.type === 'shot') return own;
  const pictured = splitPicturePath(path);
  return pictured === null ? undefined : table.find(pictured);
}

/** What clients have not read yet. */
interface Sending {
  bytes: number;
}

async function answer(context: Context, mount: Mount, table: MountTable, sending: Sending): Promise<void> {
  if (context.method !== 'GET' && context.method !== 'HEAD') {
    context.set('Allow', methods);
    context.status = context.method === 'OPTIONS' ? 204 : 405;
    if (context.method !== 'OPTIONS') context.body = `${printable(context.method)} is not allowed here: ${methods} are.\n`;
    return;
  }
  let demand: PictureDemand;
  try {
    demand = readPictureQuery(new URLSearchParams(mount.stream.type === 'shot' ? '' : context.querystring));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    tell(context, 400, `${error.message}.`);
    return;
  }
  if (mount.stream.client === 'exclusive') tell(context, 415, 'Each listener of this stream has an encoder: ask another stream of the feed for a picture.');
  else if (hasNone(mount)) tellWhy(context, mount, 'no-video');
  else if (table.refusal(mount) === 'draining') refuse(context, 'This edge is about to stop.');
  else if (context.method === 'HEAD') answerHead(context, mount, demand);
  else await take(context, mount, demand, sending);
}

/** As far as the configuration tells, or what has been on. */
function hasNone({ stream, init }: Mount): boolean {
  if (stream.type === 'shot') return false;
  const format = init?.format ?? stream.format;
  return format !== null && !formatOf(format).video;
}

/** Without waking the source, as for the stream itself. */
function answerHead(context: Context, { stream }: Mount, { wish: { format } }: PictureDemand): void {
  setPictureHeaders(context);
  const contentType = stream.type === 'shot' ? stream.contentType : format === 'jpg' ? 'image/jpeg' : 'image/png';
  if (contentType !== null) context.set('Content-Type', contentType);
  context.status = 200;
}

async function take(context: Context, mount: Mount, { wish, wake }: PictureDemand, sending: Sending): Promise<void> {
  const gone = new AbortController();
  context.res.once('close', () => gone.abort());
  const reply = await mount.pictures.take(wish, wake ? mount.stream.startTimeoutMillis : null, gone.signal);
  if (gone.signal.aborted) context.respond = false;
  else if (reply.kind === 'none' && reply.reason === 'not-yet' && !wake) context.status = 204;
  else if (reply.kind === 'none') tellWhy(context, mount, reply.reason);
  else if (sending.bytes > picturesSendingBytesMax) tellWhy(context, mount, 'busy');
  else send(context, mount.stream.type === 'shot' ? { ...reply, contentType: mount.stream.contentType ?? reply.contentType } : reply, sending);
}

function send(context: Context, { contentType, shown, bytes }: Picture, sending: Sending): void {
  setPictureHeaders(context);
  context.set({ 'Content-Type': contentType, ETag: `"${shown}"` });
  context.status = hasAlready(context.get('If-None-Match'), shown) ? 304 : 200;
  if (context.status === 304) return;
  sending.bytes += bytes.length;
  const timer = setTimeout(() => context.req.socket.destroy(), pictureSendMillis);
  context.res.once('close', () => {
    clearTimeout(timer);
    sending.bytes -= bytes.length;
  });
  context.body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** RFC 9110 §13.1.2: true when one of the entity tags, weak or not, is this. */
function hasAlready(tags: string, shown: string): boolean {
  return tags.split(',').some((tag) => tag.trim().replace(/^W\//, '') === `"${shown}"`);
}

/** A client may keep the picture, and asks each time whether it is still the newest. */
function setPictureHeaders(context: Context): void {
  context.set('Cache-Control', 'no-cache');
  context.remove('Pragma');
  context.remove('Expires');
}

function tellWhy(context: Context, mount: Mount, reason: NoPicture['reason']): void {
  switch (reason) {
    case 'no-video':
      return tell(context, 415, 'This stream has no picture.');
    case 'not-yet':
      return refuse(context, `The stream gave no picture within ${mount.stream.startTimeoutMillis / 1000} seconds.`);
    case 'busy':
      return refuse(context, 'Too many pictures are being taken.');
    case 'no-program':
      return tell(context, 501, 'No pictures can be taken: the ingest of this stream has no ffmpeg.');
    case 'failed':
      return tell(context, 500, 'The picture could not be decoded; the log of the ingest says why.');
  }
}

function tell(context: Context, status: number, text: string): void {
  context.status = status;
  context.body = `${text}\n`;
}
