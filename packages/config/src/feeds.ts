import { resolveCommand } from './command.ts';
import { isTrue } from './encoders.ts';
import { resolveFallback } from './fallback.ts';
import { referToFeeds } from './feed-names.ts';
import { formatPlace, pathBeside } from './place.ts';
import { resolvePush } from './push.ts';
import { checkBlocks, reportKey, reportMissing } from './report-key.ts';
import { check } from './schema/check.ts';
import { feedKeys, feedSchema } from './schema/feed.ts';
import { entryOf } from './tree.ts';
import type { AccessFiles } from './access-files.ts';
import type { Entity } from './collect.ts';
import type { FeedInput } from './schema/feed.ts';
import type { FeedConfiguration, FeedSource } from './configuration.ts';
import type { KnownFeeds } from './feed-names.ts';
import type { Path, Problems } from './problem.ts';
import type { Entry } from './tree.ts';

/** A feed in its final form, and those made for its fallback files; none when there are problems, which are then in `problems`. */
export function resolveFeed(entity: Entity, known: KnownFeeds, files: AccessFiles, problems: Problems): readonly FeedConfiguration[] {
  const { name, entry } = entity;
  const path = ['feeds', name];
  const before = problems.reports;
  const input = check(feedSchema, entry.value, path, problems, entry.key);
  const source = entry.value.kind === 'mapping' ? resolveSource(entry, input, path, known, files, problems) : null;
  const written = entryOf(entry.value, 'fallback');
  const fallback = written === undefined ? null : resolveFallback(written, name, name, path, known, problems);
  if (input === null || source === null) return [];
  checkBlocks(entry, input.format ?? null, path, problems);
  if ((input.format ?? 'mpegts') !== 'mpegts') reportKey(entry, 'program', path, 'counts only with format: mpegts', problems);
  if (source.kind !== 'push') for (const key of ['source', 'takeover', 'max_sources']) reportKey(entry, key, path, 'counts only with push', problems);
  if (source.kind !== 'file') reportKey(entry, 'pace', path, 'counts only with file', problems);
  if (source.kind === 'push' && source.sourcesMax === null) reportKey(entry, 'max_sources', path, 'counts only with a "*" in push', problems);
  if (source.kind === 'push') for (const key of ['active', 'restart']) reportKey(entry, key, path, 'means nothing with push: the source comes and goes as it likes', problems);
  if (input.on_end === 'loop' && source.kind !== 'file') reportKey(entry, 'on_end', path, 'only a file can loop', problems);
  if (problems.reports > before) return [];
  const feed: FeedConfiguration = {
    name,
    source,
    active: input.active,
    restart: input.restart,
    stallMillis: input.stall,
    startTimeoutMillis: input.start_timeout,
    graceMillis: input.grace,
    onEnd: input.on_end,
    format: input.format ?? null,
    blockBytes: input.block_bytes ?? 1,
    program: input.program ?? null,
    on: input.on ?? [],
    fallback: fallback?.names ?? [],
  };
  return [feed, ...(fallback?.made ?? [])];
}

/** The keys that name a source; a feed has one of them. */
const sourceKeys = ['command', 'file', 'push', 'relay'] as const;

function resolveSource(entry: Entry, input: FeedInput | null, path: Path, known: KnownFeeds, files: AccessFiles, problems: Problems): FeedSource | null {
  const [source, ...others] = sourceKeys.flatMap((key) => entryOf(entry.value, key) ?? []);
  const feed = entryOf(entry.value, 'feed');
  const feeds = feed === undefined ? [] : referToFeeds(feed, path, known, problems);
  const first = source === undefined ? '' : `${source.key.text} is at ${formatPlace(source.key.place)}`;
  for (const other of others) reportKey(entry, other.key.text, path, `a feed has one source, and ${first}`, problems);
  if (source?.key.text !== 'command') for (const key of ['feed', 'shell']) reportKey(entry, key, path, 'needs a command beside it', problems);
  if (source === undefined) {
    if (feed === undefined) reportMissing(entry, feedKeys, path, 'needs a source: command, file, push or relay', problems);
    return null;
  }
  switch (source.key.text) {
    case 'command': {
      const shell = isTrue(entryOf(entry.value, 'shell'));
      const resolved = resolveCommand({ tree: source.value, path: [...path, 'command'], shell, inputs: feeds }, problems);
      return resolved === null ? null : { kind: 'command', command: resolved, feeds };
    }
    case 'push':
      return input === null ? null : resolvePush(entry, input, path, files, problems);
    case 'relay':
      return input?.relay === undefined ? null : { kind: 'relay', urls: input.relay };
    default: {
      if (source.value.kind !== 'scalar') return null;
      const { text, place } = source.value;
      if (text === '-') return { kind: 'stdin' };
      return { kind: 'file', path: pathBeside(place, text), pace: input?.pace ?? null };
    }
  }
}
