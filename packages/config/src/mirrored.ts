import { PushPatterns } from './patterns.ts';
import { feedSchema } from './schema/feed.ts';
import { streamSchema } from './schema/stream.ts';
import { plainPath } from './schema/text.ts';
import { whyReserved } from './urls.ts';
import type { FeedInput } from './schema/feed.ts';
import type { StreamInput } from './schema/stream.ts';
import type { Activity, Configuration, FeedConfiguration, ListenerAccess, StreamConfiguration, StreamMirror } from './configuration.ts';

/** A stream that masters give. */
export interface MirroredStream {
  /** Here. It is the name of the stream and of its feed, too: names in files have no slash. */
  readonly path: string;
  /** Relayed in this order; they may hold a user and password. */
  readonly urls: readonly string[];
  readonly active: Activity;
  readonly mirror: StreamMirror;
}

/** Why no stream can be mirrored at this path; null when one can. */
export function whyNotMirrored(path: string): string | null {
  if (!plainPath.safeParse(path).success) return 'its path has characters, or a form, that no path may have here';
  return whyReserved(path);
}

/** Says of a path whether what files name is there, or may be when a source comes. */
export function takenPaths(configuration: Configuration): (path: string) => boolean {
  const paths = new Set(Object.values(configuration.streams).map(({ path }) => path));
  const patterns = new PushPatterns(configuration);
  return (path) => paths.has(path) || patterns.mayServe(path);
}

/** The configuration with these streams beside those that files name; the paths of these are left to them. */
export function withMirrored(configuration: Configuration, mirrored: readonly MirroredStream[]): Configuration {
  const takes = takenPaths(configuration);
  const added = mirrored.filter(({ path }) => !takes(path));
  const { max_lag, gather, slow, join } = streamSchema.parse({});
  const defaults = { ...feedSchema.parse({}), max_lag, gather, slow, join };
  return {
    ...configuration,
    feeds: { ...configuration.feeds, ...Object.fromEntries(added.map((stream) => [stream.path, feedOf(stream, defaults)])) },
    streams: { ...configuration.streams, ...Object.fromEntries(added.map((stream) => [stream.path, streamOf(stream, defaults, configuration.access.listeners)])) },
  };
}

type Defaults = FeedInput & Pick<StreamInput, 'max_lag' | 'gather' | 'slow' | 'join'>;

function feedOf({ path, urls, active }: MirroredStream, { restart, stall, start_timeout, grace, on_end }: Defaults): FeedConfiguration {
  return {
    name: path,
    source: { kind: 'relay', urls },
    active,
    restart,
    stallMillis: stall,
    startTimeoutMillis: start_timeout,
    graceMillis: grace,
    onEnd: on_end,
    format: null,
    blockBytes: 1,
    program: null,
    on: [],
    fallback: [],
  };
}

function streamOf({ path, mirror }: MirroredStream, { stall, start_timeout, grace, max_lag, gather, slow, join }: Defaults, access: ListenerAccess | null): StreamConfiguration {
  return {
    name: path,
    feed: path,
    otherFeeds: [],
    fallback: [],
    encode: null,
    on: null,
    client: 'shared',
    type: 'stream',
    path,
    format: null,
    blockBytes: 1,
    contentType: null,
    startTimeoutMillis: start_timeout,
    graceMillis: grace,
    stallMillis: stall,
    maxLagMillis: max_lag,
    gatherMillis: gather,
    slow,
    join,
    listenersMax: null,
    bitsPerSecondMax: null,
    overflow: null,
    bytesMax: null,
    durationMillisMax: null,
    title: null,
    description: null,
    genre: null,
    homepage: null,
    access,
    mirror,
  };
}
