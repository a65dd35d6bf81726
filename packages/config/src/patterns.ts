import type { FormatName } from '@weir/media';
import { groupsOf } from './groups.ts';
import { whyReserved } from './urls.ts';
import type { AddressRules, Configuration, FeedConfiguration, FeedSource, PushCredentials, StreamConfiguration } from './configuration.ts';

/** What stands in a path for the name of a source. */
const star = '*';

/** Between a configured name and that of a source: no configured name has one. */
const separator = '/';

/** A source's name: one part of a path that is neither hidden nor a step up; as long as a configured name. */
const sourceName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** A feed that any number of sources push to, each under a name of its own in place of the `*`; and all that comes from it. */
export interface PushPattern {
  /** The feed that is pushed to. */
  readonly feed: string;
  /** With one `*`. */
  readonly path: string;
  readonly credentials: PushCredentials | null;
  readonly addresses: AddressRules;
  /** What it is configured to be; null: what comes. */
  readonly format: FormatName | null;
  /** Sources at the same time, on one ingest. */
  readonly sourcesMax: number;
  /** How long a source's streams stay when it has left: the longest `grace` among them. */
  readonly graceMillis: number;
  readonly feeds: readonly FeedConfiguration[];
  readonly streams: readonly StreamConfiguration[];
}

/**
 * The patterns of a configuration. A source `anna` of the feed `live` makes copies of that feed and of all that runs together
 * with it, called `live/anna` and so on: from there on they are feeds and streams as any others.
 */
export class PushPatterns {
  readonly #configuration: Configuration;
  /** The names of the configured streams. */
  readonly #paths: ReadonlyMap<string, string>;
  /** By the feed that is pushed to. */
  readonly #patterns = new Map<string, PushPattern>();
  /** By the streams that come from it. */
  readonly #byStream = new Map<string, PushPattern>();

  constructor(configuration: Configuration) {
    this.#configuration = configuration;
    this.#paths = new Map(Object.values(configuration.streams).map(({ name, path }) => [path, name]));
    for (const pattern of readPatterns(configuration)) {
      this.#patterns.set(pattern.feed, pattern);
      for (const { name } of pattern.streams) this.#byStream.set(name, pattern);
    }
  }

  get all(): readonly PushPattern[] {
    return [...this.#patterns.values()];
  }

  /** Whether a feed's name is that of a source, such as `live/anna`. */
  isSource(name: string): boolean {
    const [feed = '', source = ''] = splitName(name);
    return this.#patterns.has(feed) && sourceName.test(source);
  }

  /** The source that a stream comes from: `live/anna` for `live-low/anna`; null for a configured stream. */
  sourceOf(stream: string): string | null {
    const [configured = '', source] = splitName(stream);
    const pattern = this.#byStream.get(configured);
    return pattern === undefined || source === undefined ? null : pattern.feed + separator + source;
  }

  /** Whether a stream may be at a path when its source is there. */
  mayServe(path: string): boolean {
    return [...this.#patterns.values()].some(({ streams }) => streams.some((stream) => sourceIn(stream.path, path) !== null));
  }

  /** Why a source cannot have a name of the right form: its streams would be where something else is. Null: it can. */
  whyNot({ streams }: PushPattern, source: string): string | null {
    for (const path of streams.map((stream) => fillIn(stream.path, source))) {
      const reserved = whyReserved(path);
      if (reserved !== null) return reserved;
      const other = this.#paths.get(path);
      if (other !== undefined) return `stream "${other}" is at "${path}"`;
    }
    return null;
  }

  /** The configuration that runs while these sources are there; names that are none are left out, patterns stand for themselves no more. */
  with(sources: Iterable<string>): Configuration {
    if (this.#patterns.size === 0) return this.#configuration;
    const feeds = new Map(Object.entries(this.#configuration.feeds));
    const streams = new Map(Object.entries(this.#configuration.streams));
    for (const pattern of this.#patterns.values()) {
      for (const { name } of pattern.feeds) feeds.delete(name);
      for (const { name } of pattern.streams) streams.delete(name);
    }
    for (const name of sources) {
      const [feed = '', source = ''] = splitName(name);
      const pattern = this.#patterns.get(feed);
      if (pattern === undefined || !sourceName.test(source) || this.whyNot(pattern, source) !== null) continue;
      for (const each of pattern.feeds) feeds.set(nameOf(each.name, source), feedOf(each, source));
      for (const each of pattern.streams) streams.set(nameOf(each.name, source), streamOf(each, source));
    }
    return { ...this.#configuration, feeds: Object.fromEntries(feeds), streams: Object.fromEntries(streams) };
  }
}

/** Whether a path has a `*`. */
export function isPattern(path: string): boolean {
  return path.includes(star);
}

/** The name that stands in a path in place of the `*`; null when the path does not fit, or what stands there is no name. */
export function sourceIn(pattern: string, path: string): string | null {
  const [before = '', after = ''] = pattern.split(star);
  if (!path.startsWith(before) || !path.endsWith(after)) return null;
  const source = path.slice(before.length, path.length - after.length);
  return sourceName.test(source) ? source : null;
}

/** A path with a source's name in place of the `*`. */
export function fillIn(pattern: string, source: string): string {
  return pattern.replace(star, () => source);
}

/** Whether there may be a path that fits both. */
export function mayMeet(one: string, other: string): boolean {
  const [parts, others] = [one.split('/'), other.split('/')];
  return parts.length === others.length && parts.every((part, index) => partsMeet(part, others[index] ?? ''));
}

/** For parts of a path, between two slashes. */
function partsMeet(one: string, other: string): boolean {
  if (!isPattern(one)) return isPattern(other) ? partsMeet(other, one) : one === other;
  const [before = '', after = ''] = one.split(star);
  if (!isPattern(other)) return other.startsWith(before) && other.endsWith(after);
  const [otherBefore = '', otherAfter = ''] = other.split(star);
  return (before.startsWith(otherBefore) || otherBefore.startsWith(before)) && (after.endsWith(otherAfter) || otherAfter.endsWith(after));
}

/** The name that a feed or stream has in the configuration: `live` for `live/anna`, and for `live`. */
export function configuredName(name: string): string {
  return splitName(name)[0] ?? name;
}

/** What a feed or stream is called for a source. */
export function nameOf(configured: string, source: string): string {
  return configured + separator + source;
}

/** A mirrored stream is called as its path, which begins with the separator and is no source's name. */
function splitName(name: string): readonly string[] {
  const at = name.indexOf(separator);
  return at <= 0 ? [name] : [name.slice(0, at), name.slice(at + 1)];
}

function readPatterns(configuration: Configuration): readonly PushPattern[] {
  return groupsOf(configuration).flatMap((group): readonly PushPattern[] => {
    const feeds = group.feeds.flatMap(({ name }) => configuration.feeds[name] ?? []);
    const streams = group.streams.flatMap(({ name }) => configuration.streams[name] ?? []);
    return feeds.flatMap(({ name, source, graceMillis, format }) => {
      if (source.kind !== 'push' || source.sourcesMax === null) return [];
      const { path, credentials, addresses, sourcesMax } = source;
      return { feed: name, path, credentials, addresses, format, sourcesMax, graceMillis: Math.max(graceMillis, ...streams.map((stream) => stream.graceMillis)), feeds, streams };
    });
  });
}

function feedOf(feed: FeedConfiguration, source: string): FeedConfiguration {
  return { ...feed, name: nameOf(feed.name, source), source: sourceOf(feed.source, source), fallback: namesOf(feed.fallback, source) };
}

function sourceOf(from: FeedSource, source: string): FeedSource {
  if (from.kind === 'push') return { ...from, path: fillIn(from.path, source) };
  return from.kind === 'command' ? { ...from, feeds: namesOf(from.feeds, source) } : from;
}

function streamOf(stream: StreamConfiguration, source: string): StreamConfiguration {
  const { name, feed, otherFeeds, fallback, path } = stream;
  return { ...stream, name: nameOf(name, source), feed: nameOf(feed, source), otherFeeds: namesOf(otherFeeds, source), fallback: namesOf(fallback, source), path: fillIn(path, source) };
}

function namesOf(configured: readonly string[], source: string): readonly string[] {
  return configured.map((name) => nameOf(name, source));
}
