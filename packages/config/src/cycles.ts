import { scalarsOf } from './feed-names.ts';
import { entryOf, report } from './tree.ts';
import type { Entity } from './collect.ts';
import type { Problems } from './problem.ts';
import type { Tree } from './tree.ts';

/** Reports feeds that read themselves over a chain of `feed`; each cycle once, at the feed that closes it. */
export function checkCycles(feeds: ReadonlyMap<string, Entity>, problems: Problems): void {
  const done = new Set<string>();
  for (const start of feeds.keys()) follow(start, [], { feeds, done, problems });
}

interface Walk {
  readonly feeds: ReadonlyMap<string, Entity>;
  /** Feeds whose parents were all followed to their ends. */
  readonly done: Set<string>;
  readonly problems: Problems;
}

function follow(name: string, chain: readonly string[], walk: Walk): void {
  if (walk.done.has(name)) return;
  const since = chain.indexOf(name);
  if (since >= 0) {
    reportCycle([...chain.slice(since), name], walk);
    return;
  }
  for (const parent of scalarsOf(parentsOf(name, walk))) if (walk.feeds.has(parent.text)) follow(parent.text, [...chain, name], walk);
  walk.done.add(name);
}

function parentsOf(name: string, { feeds }: Walk): Tree | undefined {
  return entryOf(feeds.get(name)?.entry.value, 'feed')?.value;
}

function reportCycle(cycle: readonly string[], walk: Walk): void {
  const last = cycle.at(-2) ?? '';
  const feed = parentsOf(last, walk);
  if (feed !== undefined) report(walk.problems, feed, ['feeds', last, 'feed'], `the feed reads itself: ${cycle.join(' -> ')}`);
}
