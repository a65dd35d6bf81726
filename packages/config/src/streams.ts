import { isDeepStrictEqual } from 'node:util';
import { resolveAccess } from './access.ts';
import { resolveCommand } from './command.ts';
import { isTrue, resolveEncode } from './encoders.ts';
import { resolveFallback } from './fallback.ts';
import { referToFeeds } from './feed-names.ts';
import { checkBlocks, reportKey, reportMissing } from './report-key.ts';
import { formatPlace } from './place.ts';
import { check } from './schema/check.ts';
import { feedSchema } from './schema/feed.ts';
import { streamKeys, streamSchema } from './schema/stream.ts';
import { entryOf, report } from './tree.ts';
import type { AccessFiles } from './access-files.ts';
import type { Entity } from './collect.ts';
import type { CommandConfiguration, FeedConfiguration, ListenerAccess, StreamConfiguration } from './configuration.ts';
import type { KnownEncoders } from './encoders.ts';
import type { KnownFeeds } from './feed-names.ts';
import type { Path, Problems } from './problem.ts';
import type { StreamInput } from './schema/stream.ts';
import type { Entry } from './tree.ts';
import type { UrlPaths } from './urls.ts';

/** Listeners of a stream with an encoder for each, on one edge process, unless the stream says how many. */
const exclusiveListenersMax = 8;

/** What a stream of pictures cannot have. */
const streamOnlyKeys = ['client', 'format', 'block_bytes', 'grace', 'stall', 'max_lag', 'gather', 'slow', 'join', 'max_listeners', 'max_bandwidth', 'overflow', 'max_bytes', 'max_duration'] as const;

/** What streams are resolved against. */
export interface StreamContext {
  readonly known: KnownFeeds;
  /** Fallback files add theirs. */
  readonly feeds: Map<string, FeedConfiguration>;
  readonly encoders: KnownEncoders;
  readonly urls: UrlPaths;
  /** Who may listen where a stream does not say it. */
  readonly access: ListenerAccess | null;
  readonly accessFiles: AccessFiles;
  readonly problems: Problems;
}

/** The feed of a stream with a command of its own. Null without one, and when there are problems. */
export function resolveOwnFeed({ name, entry }: Entity, problems: Problems): FeedConfiguration | null {
  const path = ['streams', name];
  const command = entryOf(entry.value, 'command');
  if (command === undefined) return null;
  reportKey(entry, 'feed', path, `a stream has one source, and command is at ${formatPlace(command.key.place)}`, problems);
  const shell = isTrue(entryOf(entry.value, 'shell'));
  const resolved = resolveCommand({ tree: command.value, path: [...path, 'command'], shell, inputs: [] }, problems);
  const input = check(streamSchema, entry.value, path, problems, entry.key);
  return resolved === null || input === null ? null : ownFeedOf(name, resolved, input, entryOf(entry.value, 'encode') === undefined);
}

/** It has the stream's name, and the stream's values where the stream gives any. */
function ownFeedOf(name: string, command: CommandConfiguration, input: StreamInput, asItIs: boolean): FeedConfiguration {
  const defaults = feedSchema.parse({});
  return {
    name,
    source: { kind: 'command', command, feeds: [] },
    active: defaults.active,
    restart: defaults.restart,
    stallMillis: input.stall ?? defaults.stall,
    startTimeoutMillis: input.start_timeout ?? defaults.start_timeout,
    graceMillis: input.grace ?? defaults.grace,
    onEnd: defaults.on_end,
    format: asItIs ? (input.format ?? null) : null,
    blockBytes: asItIs ? (input.block_bytes ?? 1) : 1,
    program: null,
    on: [],
    fallback: [],
  };
}

/** A stream in its final form; null when there are problems, which are then in `context.problems`. */
export function resolveStream(entity: Entity, context: StreamContext): StreamConfiguration | null {
  const { name, entry } = entity;
  const { problems } = context;
  const path = ['streams', name];
  const before = problems.reports;
  const input = check(streamSchema, entry.value, path, problems, entry.key);
  if (entry.value.kind !== 'mapping') return null;
  const [feedName = name, ...otherFeeds] = referredFeeds(entity, path, context);
  const encode = entryOf(entry.value, 'encode');
  const encoder = encode === undefined ? null : resolveEncode(encode, [feedName, ...otherFeeds], [...path, 'encode'], context.encoders, problems);
  if (input === null) return null;
  const urlPath = claimPath(entity, input, context);
  checkOverflow(entity, input, urlPath, problems);
  const written = entryOf(entry.value, 'fallback');
  const fallback = written === undefined ? null : resolveFallback(written, name, feedName, path, context.known, problems);
  const feed = context.feeds.get(feedName);
  if (feed === undefined) return null;
  if (encode === undefined) checkFormat(entry, input, feed, path, problems);
  if (encode === undefined && otherFeeds.length > 0) reportKey(entry, 'feed', path, 'several feeds need an encode that reads them', problems);
  if (encode === undefined) reportKey(entry, 'on', path, 'needs an encode beside it: what is not encoded is published where its feed runs', problems);
  if (encode === undefined && input.client === 'exclusive') reportKey(entry, 'client', path, 'needs an encode beside it: without one there is nothing to run for each listener', problems);
  if (encode === undefined && input.type === 'shot') reportKey(entry, 'type', path, 'needs an encode beside it: a command that prints one picture', problems);
  if (input.type === 'shot') for (const key of streamOnlyKeys) reportKey(entry, key, path, 'says nothing of a picture: type is shot', problems);
  const format = input.format ?? (encode === undefined ? feed.format : null);
  checkBlocks(entry, format, path, problems);
  const limited = entryOf(entry.value, 'access');
  const access = limited === undefined ? context.access : resolveAccess(limited, [...path, 'access'], context.accessFiles, problems);
  if (problems.reports > before) return null;
  for (const made of fallback?.made ?? []) context.feeds.set(made.name, made);
  return {
    name,
    feed: feed.name,
    otherFeeds,
    fallback: fallback?.names ?? feed.fallback,
    encode: encoder,
    on: input.on === undefined || isDeepStrictEqual(input.on, feed.on) ? null : input.on,
    client: input.client,
    type: input.type,
    path: urlPath,
    format,
    blockBytes: input.block_bytes ?? (encode === undefined ? feed.blockBytes : 1),
    contentType: input.content_type ?? null,
    startTimeoutMillis: input.start_timeout ?? feed.startTimeoutMillis,
    graceMillis: input.grace ?? feed.graceMillis,
    stallMillis: input.stall ?? feed.stallMillis,
    maxLagMillis: input.max_lag,
    gatherMillis: input.gather,
    slow: input.slow,
    join: input.join,
    listenersMax: input.max_listeners ?? (input.client === 'exclusive' ? exclusiveListenersMax : null),
    bitsPerSecondMax: input.max_bandwidth ?? null,
    overflow: input.overflow ?? null,
    bytesMax: input.max_bytes ?? null,
    durationMillisMax: input.max_duration ?? null,
    title: lineOf(entry, 'title'),
    description: lineOf(entry, 'description'),
    genre: lineOf(entry, 'genre'),
    homepage: input.homepage ?? null,
    access,
  };
}

function referredFeeds({ name, entry }: Entity, path: Path, { known, problems }: StreamContext): readonly string[] {
  const feed = entryOf(entry.value, 'feed');
  if (entryOf(entry.value, 'command') === undefined) {
    reportKey(entry, 'shell', path, 'needs a command beside it', problems);
    if (feed === undefined) reportMissing(entry, streamKeys, path, 'needs a feed, or a command of its own', problems);
  }
  return feed === undefined ? [name] : referToFeeds(feed, path, known, problems);
}

function claimPath({ name, entry, place }: Entity, input: StreamInput, { urls }: StreamContext): string {
  const urlPath = input.path ?? `/${name}`;
  const written = entryOf(entry.value, 'path')?.value;
  const own = written === undefined ? ['streams', name] : ['streams', name, 'path'];
  urls.claim(urlPath, written?.place ?? place, own, written === undefined ? '; give the stream a path' : '');
  return urlPath;
}

/** Round and round: a client follows some twenty redirects before it gives up. */
function checkOverflow({ name, entry }: Entity, input: StreamInput, urlPath: string, problems: Problems): void {
  const [target] = input.overflow?.split(/[?#]/) ?? [];
  if (target !== urlPath && target !== `/stream/${name}`) return;
  const written = entryOf(entry.value, 'overflow')?.value;
  if (written !== undefined) report(problems, written, ['streams', name, 'overflow'], 'this is the stream itself, which has no room for more');
}

/** A line as it is spelled: `101.50` stays what it is. */
function lineOf(entry: Entry, key: string): string | null {
  const written = entryOf(entry.value, key)?.value;
  return written?.kind === 'scalar' ? written.text.trim() : null;
}

/** Nothing changes the container of a stream without an encoder. */
function checkFormat(entry: Entry, input: StreamInput, feed: FeedConfiguration, path: Path, problems: Problems): void {
  const written = entryOf(entry.value, 'format');
  if (written === undefined || feed.format === null || input.format === undefined || input.format === feed.format) return;
  report(problems, written.value, [...path, 'format'], `feed "${feed.name}" is ${feed.format}, and only encode makes another format of it`);
}
