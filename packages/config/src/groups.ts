import type { Configuration, FeedConfiguration, StreamConfiguration } from './configuration.ts';

/** What of a feed concerns who runs it. */
export type GroupFeed = Omit<FeedConfiguration, 'startTimeoutMillis' | 'graceMillis' | 'fallback'>;

/** What of a stream concerns who publishes it; the rest is between an edge and its listeners. */
export type GroupStream = Pick<StreamConfiguration, 'name' | 'feed' | 'otherFeeds' | 'fallback' | 'encode' | 'format' | 'blockBytes' | 'stallMillis'>;

/** What runs on one ingest, and starts again together. */
export interface Group {
  readonly feeds: readonly GroupFeed[];
  readonly streams: readonly GroupStream[];
}

/**
 * Feeds that belong together, over any number of steps, because one reads another, because one encoder reads both, or because
 * one takes the other's place; and all streams that come from them. In the order of the configuration.
 */
export function groupsOf({ feeds, streams }: Pick<Configuration, 'feeds' | 'streams'>): readonly Group[] {
  const leaders = new Map(Object.keys(feeds).map((name) => [name, name]));
  const leaderOf = (name: string): string => {
    let leader = name;
    for (let next = leaders.get(leader); next !== undefined && next !== leader; next = leaders.get(leader)) leader = next;
    return leader;
  };
  const join = (names: readonly string[]): void => {
    const [first, ...others] = names.map(leaderOf).sort();
    for (const other of others) leaders.set(other, first ?? other);
  };
  for (const feed of Object.values(feeds)) join([feed.name, ...(feed.source.kind === 'command' ? feed.source.feeds : [])]);
  for (const stream of Object.values(streams)) join([stream.feed, ...stream.otherFeeds, ...stream.fallback]);
  const groups = new Map<string, { feeds: GroupFeed[]; streams: GroupStream[] }>();
  const groupOf = (feed: string): { feeds: GroupFeed[]; streams: GroupStream[] } => {
    const leader = leaderOf(feed);
    const group = groups.get(leader) ?? { feeds: [], streams: [] };
    groups.set(leader, group);
    return group;
  };
  for (const feed of Object.values(feeds)) groupOf(feed.name).feeds.push(partOfFeed(feed));
  for (const stream of Object.values(streams)) groupOf(stream.feed).streams.push(partOfStream(stream));
  return [...groups.values()];
}

function partOfFeed({ startTimeoutMillis: _start, graceMillis: _grace, fallback: _fallback, ...part }: FeedConfiguration): GroupFeed {
  return part;
}

function partOfStream({ name, feed, otherFeeds, fallback, encode, format, blockBytes, stallMillis }: StreamConfiguration): GroupStream {
  return { name, feed, otherFeeds, fallback, encode, format, blockBytes, stallMillis };
}
