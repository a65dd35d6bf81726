import type { Configuration, FeedConfiguration, StreamConfiguration } from './configuration.ts';

/** What of a feed concerns who runs it. */
export type GroupFeed = Omit<FeedConfiguration, 'startTimeoutMillis' | 'graceMillis' | 'fallback'>;

/** What of a stream concerns who publishes it; the rest is between an edge and its listeners. */
export type GroupStream = Pick<StreamConfiguration, 'name' | 'feed' | 'otherFeeds' | 'fallback' | 'encode' | 'on' | 'client' | 'type' | 'format' | 'blockBytes' | 'stallMillis'>;

/** What runs on one ingest. */
export interface Group {
  /** Names it, and its lease: the first of its feeds that reads no other, or the encoder that has none beside it. */
  readonly root: string;
  /** What an ingest must have to run it. */
  readonly labels: readonly string[];
  /** Parents before children. */
  readonly feeds: readonly GroupFeed[];
  /** Feeds of another group that its encoder reads over the bus, as {@link carriedStream}. */
  readonly carried: readonly string[];
  readonly streams: readonly GroupStream[];
}

/** The name under which a feed is published for encoders on another ingest. No stream can be called so: names have no spaces. */
export function carriedStream(feed: string): string {
  return `feed ${feed}`;
}

/**
 * Feeds that belong together, over any number of steps, because one reads another, because one encoder reads both, or because
 * one takes the other's place; and all streams that come from them. A stream whose encoder is pinned elsewhere is a group of its
 * own. In the order of the configuration.
 */
export function groupsOf({ feeds, streams }: Pick<Configuration, 'feeds' | 'streams'>): readonly Group[] {
  const all = Object.values(streams);
  const together = all.filter(({ on }) => on === null);
  const apart = all.filter(({ on }) => on !== null);
  const carried = new Set(apart.flatMap(feedsOf));
  const leaderOf = leadersOf(Object.values(feeds), together);
  const parts = new Map<string, { feeds: GroupFeed[]; streams: GroupStream[] }>();
  const partOf = (feed: string): { feeds: GroupFeed[]; streams: GroupStream[] } => {
    const leader = leaderOf(feed);
    const part = parts.get(leader) ?? { feeds: [], streams: [] };
    parts.set(leader, part);
    return part;
  };
  for (const feed of Object.values(feeds)) partOf(feed.name).feeds.push(partOfFeed(feed));
  for (const stream of together) partOf(stream.feed).streams.push(partOfStream(stream));
  for (const feed of Object.values(feeds)) if (carried.has(feed.name)) partOf(feed.name).streams.push(carriedPart(feed));
  const besideFeeds = [...parts.values()].map((part): Group => {
    const ordered = parentsFirst(part.feeds);
    const labels = [...new Set(ordered.flatMap(({ on }) => on))].sort();
    return { root: ordered[0]?.name ?? '', labels, feeds: ordered, carried: [], streams: part.streams };
  });
  const alone = apart.map((stream): Group => ({ root: `encoder ${stream.name}`, labels: stream.on ?? [], feeds: [], carried: feedsOf(stream), streams: [partOfStream(stream)] }));
  return [...besideFeeds, ...alone];
}

/** The feeds that a feed reads. */
export function parentNames(feed: Pick<FeedConfiguration, 'source'> | undefined): readonly string[] {
  return feed?.source.kind === 'command' ? feed.source.feeds : [];
}

/** The feed that stands for all that one belongs together with. */
function leadersOf(feeds: readonly FeedConfiguration[], streams: readonly StreamConfiguration[]): (name: string) => string {
  const leaders = new Map(feeds.map(({ name }) => [name, name]));
  const leaderOf = (name: string): string => {
    let leader = name;
    for (let next = leaders.get(leader); next !== undefined && next !== leader; next = leaders.get(leader)) leader = next;
    return leader;
  };
  const join = (names: readonly string[]): void => {
    const [first, ...others] = names.map(leaderOf).sort();
    for (const other of others) leaders.set(other, first ?? other);
  };
  for (const feed of feeds) join([feed.name, ...parentNames(feed)]);
  for (const stream of streams) join(feedsOf(stream));
  return leaderOf;
}

function feedsOf({ feed, otherFeeds, fallback }: StreamConfiguration): readonly string[] {
  return [...new Set([feed, ...otherFeeds, ...fallback])];
}

function parentsFirst(feeds: readonly GroupFeed[]): readonly GroupFeed[] {
  const byName = new Map(feeds.map((feed) => [feed.name, feed]));
  const depths = new Map<string, number>();
  const depthOf = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    // Feeds in a cycle, which is a problem that others report, have no depth.
    depths.set(name, 0);
    const depth = parentNames(byName.get(name)).reduce((most, parent) => Math.max(most, 1 + depthOf(parent)), 0);
    depths.set(name, depth);
    return depth;
  };
  return [...feeds].sort((a, b) => depthOf(a.name) - depthOf(b.name));
}

function partOfFeed({ startTimeoutMillis: _start, graceMillis: _grace, fallback: _fallback, ...part }: FeedConfiguration): GroupFeed {
  return part;
}

function partOfStream({ name, feed, otherFeeds, fallback, encode, on, client, type, format, blockBytes, stallMillis }: StreamConfiguration): GroupStream {
  return { name, feed, otherFeeds, fallback, encode, on, client, type, format, blockBytes, stallMillis };
}

function carriedPart({ name, format, blockBytes, stallMillis }: FeedConfiguration): GroupStream {
  return { name: carriedStream(name), feed: name, otherFeeds: [], fallback: [], encode: null, on: null, client: 'shared', type: 'stream', format, blockBytes, stallMillis };
}
