import { isDeepStrictEqual } from 'node:util';
import { groupsOf } from './groups.ts';
import { materialOf } from './made-of.ts';
import type { GroupMaterial } from './made-of.ts';
import { differingKeys } from './difference-words.ts';
import type { Configuration, FeedConfiguration, StreamConfiguration } from './configuration.ts';

/** What a reload does with one feed or stream. */
export type Change = { readonly kind: 'feed' | 'stream'; readonly name: string } & (
  | { readonly what: 'started' }
  | { readonly what: 'stopped' }
  /** Under these keys of a configuration file. */
  | { readonly what: 'changed'; readonly keys: readonly string[] }
  /** It is as it was, but runs on what changed, and starts again with it; listeners stay. */
  | { readonly what: 'restarted' }
);

/** What one configuration has that another has not. */
export interface Difference {
  /** Feeds before streams; in the order of the files, what is gone last. */
  readonly changes: readonly Change[];
  /** Feeds and streams that a reload does not touch. */
  readonly unchanged: number;
  /** The masters are others, or in another order. */
  readonly masters: boolean;
  /** Keys of the `edge` section, which change at once and disconnect nobody. */
  readonly edge: readonly string[];
  /** Whether another token is needed from now on. */
  readonly admin: boolean;
  /** What the files hold that `htpasswd_file` and `key_file` name: whoever may not listen or send any more is ended. */
  readonly access: boolean;
  /** Null: the same. A server stays where it listens until it is started again. */
  readonly listen: { readonly before: string; readonly after: string } | null;
  /** `tls` names other files, or there is one where there was none: this too takes a start. */
  readonly tls: boolean;
}

/** What a reload from one configuration to another does. */
export function differenceOf(before: Configuration, after: Configuration): Difference {
  const [old, young] = [materialsOf(before), materialsOf(after)];
  const runsOn = (kind: 'feeds' | 'streams', name: string): boolean => isDeepStrictEqual(old[kind].get(name), young[kind].get(name));
  const feeds = changesOf('feed', before.feeds, after.feeds, (name) => runsOn('feeds', name));
  const streams = changesOf('stream', before.streams, after.streams, (name) => runsOn('streams', name));
  const changes = [...feeds, ...streams];
  return {
    changes,
    unchanged: Object.keys(after.feeds).length + Object.keys(after.streams).length - changes.filter(({ what }) => what !== 'stopped').length,
    masters: !isDeepStrictEqual(before.masters, after.masters),
    edge: differingKeys(before.edge, after.edge),
    access: !isDeepStrictEqual(before.access, after.access),
    admin: before.admin.tokenHash !== after.admin.tokenHash,
    listen: before.listen === after.listen ? null : { before: before.listen, after: after.listen },
    tls: !isDeepStrictEqual(before.tls, after.tls),
  };
}

/** @param runsOn whether what did not change itself is left alone */
function changesOf<T extends FeedConfiguration | StreamConfiguration>(
  kind: Change['kind'],
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
  runsOn: (name: string) => boolean,
): readonly Change[] {
  const old = new Map(Object.entries(before));
  const changes: Change[] = [];
  for (const [name, entity] of Object.entries(after)) {
    const was = old.get(name);
    old.delete(name);
    if (was === undefined) changes.push({ kind, name, what: 'started' });
    else if (!isDeepStrictEqual(was, entity)) changes.push({ kind, name, what: 'changed', keys: differingKeys(was, entity) });
    else if (!runsOn(name)) changes.push({ kind, name, what: 'restarted' });
  }
  return [...changes, ...[...old.keys()].map((name): Change => ({ kind, name, what: 'stopped' }))];
}

function materialsOf(configuration: Configuration): GroupMaterial {
  const materials = groupsOf(configuration).map(materialOf);
  return { feeds: new Map(materials.flatMap(({ feeds }) => [...feeds])), streams: new Map(materials.flatMap(({ streams }) => [...streams])) };
}
