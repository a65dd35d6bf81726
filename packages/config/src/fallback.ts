import { quote } from './problem.ts';
import { pathBeside } from './place.ts';
import { reportUnknown, scalarsOf } from './feed-names.ts';
import { feedSchema } from './schema/feed.ts';
import { report } from './tree.ts';
import type { FeedConfiguration } from './configuration.ts';
import type { KnownFeeds } from './feed-names.ts';
import type { Path, Problems } from './problem.ts';
import type { Entry } from './tree.ts';

/** What takes a feed's place, and the feeds that are made for those that are files. */
export interface Fallback {
  readonly names: readonly string[];
  readonly made: readonly FeedConfiguration[];
}

/**
 * The feeds and files in `fallback`. A file becomes a feed of its own that loops, named after the feed or stream.
 *
 * @param owner the feed or stream that has the key
 * @param primary the feed it is for: no fallback of its own
 */
export function resolveFallback(entry: Entry, owner: string, primary: string, path: Path, known: KnownFeeds, problems: Problems): Fallback {
  const names: string[] = [];
  const made: FeedConfiguration[] = [];
  for (const scalar of scalarsOf(entry.value)) {
    const { text, place } = scalar;
    const at = [...path, 'fallback'];
    if (known.names.has(text)) {
      if (text === primary) report(problems, scalar, at, `feed ${quote(text)} cannot take its own place`);
      names.push(text);
    } else if (/[./]/.test(text)) {
      const feed = loopOf(`${owner}.fallback-${made.length + 1}`, pathBeside(place, text));
      made.push(feed);
      names.push(feed.name);
    } else if (known.complete) reportUnknown(scalar, at, known, problems);
  }
  return { names, made };
}

function loopOf(name: string, file: string): FeedConfiguration {
  const defaults = feedSchema.parse({});
  return {
    name,
    source: { kind: 'file', path: file, pace: null },
    active: defaults.active,
    restart: true,
    stallMillis: defaults.stall,
    startTimeoutMillis: defaults.start_timeout,
    graceMillis: defaults.grace,
    onEnd: 'loop',
    format: null,
    blockBytes: 1,
    program: null,
    on: [],
    fallback: [],
  };
}
