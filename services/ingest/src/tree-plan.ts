import { groupsOf } from '@weir/config';
import type { Configuration, Group, GroupFeed } from '@weir/config';

/** What runs on one ingest together, parents before children. */
export interface TreePlan extends Group {
  /** Names it: the first of its feeds that reads no other. */
  readonly root: string;
}

/** The trees of a configuration, by their roots. */
export function planTrees(configuration: Configuration): Map<string, TreePlan> {
  const trees = groupsOf(configuration).map(({ feeds, streams }): TreePlan => {
    const ordered = parentsFirst(feeds);
    return { root: ordered[0]?.name ?? '', feeds: ordered, streams };
  });
  return new Map(trees.map((tree) => [tree.root, tree]));
}

/** The feeds that a feed reads. */
export function parentNames(feed: GroupFeed | undefined): readonly string[] {
  return feed?.source.kind === 'command' ? feed.source.feeds : [];
}

function parentsFirst(feeds: readonly GroupFeed[]): readonly GroupFeed[] {
  const byName = new Map(feeds.map((feed) => [feed.name, feed]));
  const depths = new Map<string, number>();
  const depthOf = (name: string): number => {
    const known = depths.get(name);
    if (known !== undefined) return known;
    const depth = parentNames(byName.get(name)).reduce((most, parent) => Math.max(most, 1 + depthOf(parent)), 0);
    depths.set(name, depth);
    return depth;
  };
  return [...feeds].sort((a, b) => depthOf(a.name) - depthOf(b.name));
}
