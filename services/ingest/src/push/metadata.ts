import { basicLogin } from '@weir/http';
import { titleCharactersMax } from '../limits.ts';
import { parseMetadataQuery } from './metadata-query.ts';
import type { MetadataQuery } from './metadata-query.ts';
import { oneLine } from './publisher-info.ts';
import type { PushPoint } from './push-point.ts';
import { challenge } from './push-routes.ts';
import type { PushRoutes } from './push-routes.ts';

/** An answer to a client that tells what is on. */
export interface MetadataAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Answers `/admin/metadata`, as Icecast does: `mode=updinfo`, `mount`, `song` or `artist` and `title`, perhaps
 * `charset` and `url`. Whoever knows the source's password may call it from anywhere.
 *
 * @param query without its question mark, still encoded
 */
export async function answerMetadata(routes: PushRoutes, query: string, authorization: string | undefined, clientAddress: string): Promise<MetadataAnswer> {
  return answerParsed(query, async (parameters) => {
    const mount = parameters.get('mount');
    if (mount === undefined || mount === '') return plain(400, 'Name the mount: /admin/metadata?mode=updinfo&mount=/live&song=Artist%20-%20Title.');
    const point = routes.at(mount);
    if (point === undefined) return plain(404, 'Source does not exist: no feed is pushed to at this mount.');
    const verdict = await routes.verdict(point, basicLogin(authorization), clientAddress);
    if (verdict === 'busy') return busy;
    if (verdict === 'wrong') return { ...plain(401, 'User or password is wrong: they are those of the source.'), headers: challenge };
    if (parameters.get('mode') !== 'updinfo') return icecastAnswer('No such action', false);
    return update(point, parameters) ?? icecastAnswer('Metadata update successful', true);
  });
}

/**
 * Answers `/admin.cgi`, as SHOUTcast 1 does: `mode=updinfo`, `pass`, `song`. Without a `mount` it is the feed that has the password.
 *
 * @param query without its question mark, still encoded
 */
export async function answerShoutcastMetadata(routes: PushRoutes, query: string, clientAddress: string): Promise<MetadataAnswer> {
  return answerParsed(query, async (parameters) => {
    const password = parameters.get('pass');
    if (password === undefined) return plain(400, 'The password is missing: /admin.cgi?mode=updinfo&pass=...&song=Artist%20-%20Title.');
    const point = await shoutcastPoint(routes, parameters.get('mount'), password, clientAddress);
    if (point === 'unknown') return plain(404, 'Source does not exist: no feed is pushed to at this mount.');
    if (point === 'busy') return busy;
    if (point === 'wrong') return plain(401, 'The password is wrong: it is that of the source.');
    if (parameters.get('mode') !== 'updinfo') return plain(400, 'The only mode is updinfo.');
    return update(point, parameters) ?? { status: 200, type: 'text/html; charset=utf-8', body: '<html><head><title>weir</title></head><body>Metadata update successful</body></html>\n', headers: {} };
  });
}

async function shoutcastPoint(routes: PushRoutes, mount: string | undefined, password: string, address: string): Promise<PushPoint | 'unknown' | 'wrong' | 'busy'> {
  if (mount === undefined) return routes.withPassword(password, address);
  const point = routes.at(mount);
  if (point === undefined) return 'unknown';
  const verdict = await routes.verdict(point, { user: null, password }, address);
  return verdict === 'right' ? point : verdict;
}

async function answerParsed(query: string, answer: (parameters: MetadataQuery) => Promise<MetadataAnswer>): Promise<MetadataAnswer> {
  let parameters: MetadataQuery;
  try {
    parameters = parseMetadataQuery(query);
  } catch (error) {
    if (error instanceof RangeError) return plain(400, error.message);
    throw error;
  }
  return answer(parameters);
}

/** Null when the title is told. */
function update(point: PushPoint, parameters: MetadataQuery): MetadataAnswer | null {
  const title = songOf(parameters);
  if (title === null) return plain(400, 'Say what is on: song=Artist%20-%20Title, or artist=...&title=...');
  const url = /^[!-~]+$/.exec(parameters.get('url') ?? '')?.[0];
  const line = oneLine(title, titleCharactersMax);
  return point.setTitle(url === undefined ? line : `${line}\n${url}`) ? null : plain(400, 'Nobody pushes to this mount now.');
}

function songOf(parameters: MetadataQuery): string | null {
  const [song, artist, title] = [parameters.get('song'), parameters.get('artist'), parameters.get('title')];
  return song ?? (artist !== undefined && title !== undefined ? `${artist} - ${title}` : (title ?? null));
}

function plain(status: number, text: string): MetadataAnswer {
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n`, headers: {} };
}

const busy: MetadataAnswer = { ...plain(503, 'Too many logins at the same time: come again.'), headers: { 'Retry-After': '5' } };

function icecastAnswer(message: string, done: boolean): MetadataAnswer {
  const body = `<?xml version="1.0"?>\n<iceresponse><message>${message}</message><return>${done ? 1 : 0}</return></iceresponse>\n`;
  return { status: 200, type: 'text/xml; charset=utf-8', body, headers: {} };
}
