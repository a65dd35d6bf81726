import { entryOf, report } from './tree.ts';
import type { Entity } from './collect.ts';
import type { Problems } from './problem.ts';

/** Reports feeds that read themselves over a chain of `feed`; each cycle once, at the feed that closes it. */
export function checkCycles(feeds: ReadonlyMap<string, Entity>, problems: Problems): void {
  const done = new Set<string>();
  for (const start of feeds.keys()) {
    const chain: string[] = [];
    let name: string | undefined = start;
    while (name !== undefined && !done.has(name)) {
      const since = chain.indexOf(name);
      if (since >= 0) {
        reportCycle(feeds, [...chain.slice(since), name], problems);
        break;
      }
      chain.push(name);
      name = parentOf(feeds, name);
    }
    for (const passed of chain) done.add(passed);
  }
}

function parentOf(feeds: ReadonlyMap<string, Entity>, name: string): string | undefined {
  const parent = entryOf(feeds.get(name)?.entry.value, 'feed')?.value;
  return parent?.kind === 'scalar' && feeds.has(parent.text) ? parent.text : undefined;
}

function reportCycle(feeds: ReadonlyMap<string, Entity>, cycle: readonly string[], problems: Problems): void {
  const last = cycle.at(-2) ?? '';
  const feed = entryOf(feeds.get(last)?.entry.value, 'feed')?.value;
  if (feed !== undefined) report(problems, feed, ['feeds', last, 'feed'], `the feed reads itself: ${cycle.join(' -> ')}`);
}
