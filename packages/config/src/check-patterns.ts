import { groupsOf } from './groups.ts';
import { isPattern, mayMeet } from './patterns.ts';
import { quote } from './problem.ts';
import { entryOf, report } from './tree.ts';
import type { Collected, Entity } from './collect.ts';
import type { Configuration } from './configuration.ts';
import type { Group } from './groups.ts';
import type { Problems } from './problem.ts';

/** Reports feeds that are pushed to under many names, and streams of such names, that do not go together. */
export function checkPatterns(collected: Collected, parts: Pick<Configuration, 'feeds' | 'streams'>, problems: Problems): void {
  const { feeds, streams } = parts;
  const tell = (entity: Entity | undefined, section: 'feeds' | 'streams', key: string, message: string): void => {
    if (entity === undefined) return;
    const value = entryOf(entity.entry.value, key)?.value;
    if (value === undefined) problems.add(entity.place, [section, entity.name], message);
    else report(problems, value, [section, entity.name, key], message);
  };
  const groups = groupsOf(parts);
  const many = new Map(groups.flatMap((group) => group.feeds.map(({ name }) => [name, patternIn(group)] as const)));
  for (const group of groups) {
    const carried = group.carried.map((feed) => many.get(feed) ?? null).find((feed) => feed !== null) ?? null;
    if (carried !== null) {
      for (const { name } of group.streams) tell(collected.streams.get(name), 'streams', 'on', `its encoder runs where feed ${quote(carried)} does, which has many sources: leave "on" out`);
      continue;
    }
    const pattern = patternIn(group);
    for (const { name } of group.streams) {
      const starred = isPattern(streams[name]?.path ?? '');
      if (pattern !== null && !starred) {
        tell(collected.streams.get(name), 'streams', 'path', `needs a path with a "*", such as "/${name}/*": it runs together with feed ${quote(pattern)}, which has many sources`);
      } else if (pattern === null && starred) {
        tell(collected.streams.get(name), 'streams', 'path', 'has a "*", which stands for the names of sources: none of its feeds has one in its push');
      }
    }
    for (const { name, source } of group.feeds) {
      const key = source.kind === 'push' ? 'push' : 'file';
      const alone = source.kind === 'push' || source.kind === 'stdin';
      if (alone && pattern !== null && name !== pattern) tell(collected.feeds.get(name), 'feeds', key, `it runs together with feed ${quote(pattern)}, which has many sources: there cannot be one of it for each`);
    }
  }
  const pushes = Object.values(feeds).flatMap(({ name, source }) => (source.kind === 'push' ? { name, path: source.path } : []));
  for (const [first, second] of meetings(pushes)) tell(collected.feeds.get(second), 'feeds', 'push', `some paths are those of feed ${quote(first)} as well`);
  for (const [first, second] of meetings(Object.values(streams))) tell(collected.streams.get(second), 'streams', 'path', `some paths are those of stream ${quote(first)} as well`);
}

/** The first feed of a group that has many sources. */
function patternIn(group: Group): string | null {
  return group.feeds.find(({ source }) => source.kind === 'push' && source.sourcesMax !== null)?.name ?? null;
}

/** Pairs of different patterns that one path may fit; the same one twice is reported with the paths that are no patterns. */
function meetings(all: readonly { readonly name: string; readonly path: string }[]): readonly (readonly [string, string])[] {
  const patterns = all.filter(({ path }) => isPattern(path));
  return patterns.flatMap((second, index) => {
    const first = patterns.slice(0, index).find(({ path }) => path !== second.path && mayMeet(path, second.path));
    return first === undefined ? [] : [[first.name, second.name] as const];
  });
}
