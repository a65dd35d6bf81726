import type { Configuration, FeedConfiguration, StreamConfiguration } from '@weir/config';

/**
 * What runs on one ingest together: feeds that belong together because one reads another, because one encoder reads both, or
 * because one takes the other's place; and all streams that come from them.
 */
export interface TreePlan {
  /** Names it: the first of its feeds that reads no other. */
  readonly root: string;
  /** Parents before children. */
  readonly feeds: readonly FeedConfiguration[];
  readonly streams: readonly StreamConfiguration[];
}

/** The trees of a configuration, by their roots. */
export function planTrees(configuration: Configuration): Map<string, TreePlan> {
  const groups = new Groups(Object.keys(configuration.feeds));
  for (const feed of Object.values(configuration.feeds)) for (const parent of parentNames(feed)) groups.join(feed.name, parent);
  for (const stream of Object.values(configuration.streams)) {
    for (const other of [...stream.otherFeeds, ...stream.fallback]) groups.join(stream.feed, other);
  }
  const parts = new Map<string, { root: string; feeds: FeedConfiguration[]; streams: StreamConfiguration[] }>();
  for (const feed of parentsFirst(configuration)) {
    const group = groups.of(feed.name);
    const part = parts.get(group);
    if (part === undefined) parts.set(group, { root: feed.name, feeds: [feed], streams: [] });
    else part.feeds.push(feed);
  }
  for (const stream of Object.values(configuration.streams)) parts.get(groups.of(stream.feed))?.streams.push(stream);
  return new Map([...parts.values()].map((part) => [part.root, part]));
}

/** The feeds that a feed reads. */
export function parentNames(feed: FeedConfiguration | undefined): readonly string[] {
  return feed?.source.kind === 'command' ? feed.source.feeds : [];
}

function parentsFirst({ feeds }: Configuration): readonly FeedConfiguration[] {
  const depths = new Map<string, number>();
  const depthOf = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const depth = parentNames(feeds[name]).reduce((most, parent) => Math.max(most, 1 + depthOf(parent)), 0);
    depths.set(name, depth);
    return depth;
  };
  return Object.values(feeds).sort((a, b) => depthOf(a.name) - depthOf(b.name));
}

/** Names in groups that can be joined: a union-find. */
class Groups {
  readonly #above: Map<string, string>;

  constructor(names: readonly string[]) {
    this.#above = new Map(names.map((name) => [name, name]));
  }

  of(name: string): string {
    let top = name;
    for (let above = this.#above.get(top); above !== undefined && above !== top; above = this.#above.get(top)) top = above;
    this.#above.set(name, top);
    return top;
  }

  join(one: string, other: string): void {
    this.#above.set(this.of(other), this.of(one));
  }
}
