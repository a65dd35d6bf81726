import { dirname, resolve } from 'node:path';
import { resolveCommand } from './command.ts';
import { isTrue } from './encoders.ts';
import { formatPlace } from './place.ts';
import { quote } from './problem.ts';
import { check } from './schema/check.ts';
import { feedKeys, feedSchema } from './schema/feed.ts';
import { didYouMean } from './suggestion.ts';
import { entriesOf, entryOf, report } from './tree.ts';
import type { FormatName } from '@weir/media';
import type { Entity } from './collect.ts';
import type { FeedConfiguration, FeedSource } from './configuration.ts';
import type { Path, Problems } from './problem.ts';
import type { Entry } from './tree.ts';

/** With thousands of names, thousands of suggestions take long, and nobody reads them. */
const suggestedMax = 200;

/** The names of the feeds that there are. */
export interface KnownFeeds {
  readonly names: ReadonlySet<string>;
  /** False when there may be more, in a part that could not be read. */
  readonly complete: boolean;
}

/** A feed in its final form; null when there are problems, which are then in `problems`. */
export function resolveFeed(entity: Entity, known: KnownFeeds, problems: Problems): FeedConfiguration | null {
  const { name, entry } = entity;
  const path = ['feeds', name];
  const before = problems.reports;
  const input = check(feedSchema, entry.value, path, problems, entry.key);
  const source = entry.value.kind === 'mapping' ? resolveSource(entry, path, known, problems) : null;
  if (input === null || source === null) return null;
  checkBlocks(entry, input.format ?? null, path, problems);
  if ((input.format ?? 'mpegts') !== 'mpegts') reportKey(entry, 'program', path, 'counts only with format: mpegts', problems);
  if (input.on_end === 'loop' && source.kind !== 'file') reportKey(entry, 'on_end', path, 'only a file can loop', problems);
  if (problems.reports > before) return null;
  return {
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
  };
}

function resolveSource(entry: Entry, path: Path, known: KnownFeeds, problems: Problems): FeedSource | null {
  const command = entryOf(entry.value, 'command');
  const file = entryOf(entry.value, 'file');
  const feed = entryOf(entry.value, 'feed');
  const parent = feed === undefined ? null : referToFeed(feed, path, known, problems);
  if (command !== undefined) {
    const twice = `a feed has one source, and command is at ${formatPlace(command.key.place)}`;
    reportKey(entry, 'file', path, twice, problems);
    const shell = isTrue(entryOf(entry.value, 'shell'));
    const resolved = resolveCommand({ tree: command.value, path: [...path, 'command'], shell, hasInput: feed !== undefined }, problems);
    return resolved === null ? null : { kind: 'command', command: resolved, feed: parent };
  }
  for (const key of ['feed', 'shell']) reportKey(entry, key, path, 'needs a command beside it', problems);
  if (file === undefined && feed === undefined) reportMissing(entry, feedKeys, path, 'needs a source: command or file', problems);
  if (file?.value.kind !== 'scalar') return null;
  const { text, place } = file.value;
  return text === '-' ? { kind: 'stdin' } : { kind: 'file', path: resolve(dirname(place.file), text) };
}

/** The name in `feed`; an unknown one is reported if every name is known. */
export function referToFeed(feed: Entry, path: Path, known: KnownFeeds, problems: Problems): string {
  if (feed.value.kind !== 'scalar') return '';
  const { text } = feed.value;
  if (!known.names.has(text) && known.complete && feed.value.value !== null) {
    const near = problems.reports < suggestedMax ? didYouMean(text, known.names) : '';
    report(problems, feed.value, [...path, 'feed'], `no feed named ${quote(text)}${near}`);
  }
  return text;
}

/** Reports `block_bytes` where nothing is cut by it. */
export function checkBlocks(entry: Entry, format: FormatName | null, path: Path, problems: Problems): void {
  if (format !== 'raw') reportKey(entry, 'block_bytes', path, 'counts only with format: raw', problems);
}

/** Reports a problem of one key of a feed or stream, at the key; nothing if the key is not there. */
export function reportKey(entry: Entry, key: string, path: Path, message: string, problems: Problems): void {
  const found = entryOf(entry.value, key);
  if (found !== undefined) report(problems, found.key, [...path, key], message);
}

/** Reports what a feed or stream lacks, where it is written; nothing if one of its keys may be a misspelling of it. */
export function reportMissing(entry: Entry, known: readonly string[], path: Path, message: string, problems: Problems): void {
  if ([...entriesOf(entry.value).keys()].some((key) => !known.includes(key))) return;
  problems.add(entry.key.filled?.place ?? entry.key.place, path, message);
}
