import { isDeepStrictEqual } from 'node:util';
import type { EdgeConfiguration, FeedConfiguration, FeedSource, StreamConfiguration } from './configuration.ts';

/** Fields whose key in a configuration file does not follow from their name. */
const irregular: Readonly<Record<string, string>> = {
  listenersMax: 'max_listeners',
  bitsPerSecondMax: 'max_bandwidth',
  bytesMax: 'max_bytes',
  durationMillisMax: 'max_duration',
};

/** The keys of a configuration file under which two feeds, streams or edge sections differ, sorted; none when they are equal. */
export function differingKeys<T extends FeedConfiguration | StreamConfiguration | EdgeConfiguration>(before: T, after: T): readonly string[] {
  const [old, young] = [valuesByKey(before), valuesByKey(after)];
  const keys = new Set([...old.keys(), ...young.keys()]);
  return [...keys].filter((key) => !isDeepStrictEqual(old.get(key), young.get(key))).sort();
}

/** What is said of an entity, by its keys; what says nothing (null, an empty list) is left out. */
function valuesByKey(entity: FeedConfiguration | StreamConfiguration | EdgeConfiguration): Map<string, unknown> {
  const fields = Object.entries(entity).flatMap(([field, value]) => {
    if (field === 'source') return Object.entries(sourceByKey(value as FeedSource));
    // Several feeds stand under one key, the main one first.
    if (field === 'otherFeeds') return [['feed', [...('feed' in entity ? [entity.feed] : []), ...(value as readonly string[])]] as const];
    return [[irregular[field] ?? keyOf(field), value] as const];
  });
  return new Map(fields.filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0)));
}

function keyOf(field: string): string {
  return field.replace(/Millis$/, '').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function sourceByKey(source: FeedSource): Readonly<Record<string, unknown>> {
  switch (source.kind) {
    case 'command':
      return { command: source.command, feed: source.feeds };
    case 'file':
      return { file: source.path, pace: source.pace };
    case 'push':
      return { push: source.path, source: [source.credentials, source.addresses], takeover: source.takeover, max_sources: source.sourcesMax };
    case 'relay':
      return { relay: source.urls };
    case 'stdin':
      return { file: '-' };
  }
}
