import { parentNames } from './groups.ts';
import type { Group } from './groups.ts';

/** What something of a group runs on, itself included: where that is equal in two configurations, it runs on through a reload. */
export type MadeOf = readonly object[];

/** What each feed and stream of a group is made of, by name. */
export interface GroupMaterial {
  readonly feeds: ReadonlyMap<string, MadeOf>;
  readonly streams: ReadonlyMap<string, MadeOf>;
}

/**
 * A feed is made of its own configuration and that of the feeds it reads, over any number of steps; a stream of its encoder and
 * of its feeds with what takes their place; both of where the group runs.
 */
export function materialOf({ root, labels, feeds, streams }: Group): GroupMaterial {
  const place = { root, labels };
  const madeOf = new Map<string, MadeOf>();
  // Parents stand before children.
  for (const feed of feeds) madeOf.set(feed.name, [place, feed, ...parentNames(feed).flatMap((parent) => madeOf.get(parent) ?? [])]);
  const ofStreams = streams.map((stream) => {
    const { name, feed, otherFeeds, fallback, encode } = stream;
    // Without an encoder a stream is what its feed gives. Who may listen is the edges' business.
    const own = encode === null ? { feed, fallback } : { ...stream, access: null };
    return [name, [place, own, ...[feed, ...otherFeeds, ...fallback].flatMap((each) => madeOf.get(each) ?? [])]] as const;
  });
  return { feeds: madeOf, streams: new Map(ofStreams) };
}
