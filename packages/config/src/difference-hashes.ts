import { groupsOf } from './groups.ts';
import { hashOf } from './hash.ts';
import { materialOf } from './made-of.ts';
import { mask, maskSecrets } from './secret.ts';
import type { Configuration, MasterConfiguration } from './configuration.ts';

/** What stands for a feed or stream when two configurations are compared from afar. */
export interface EntityHash {
  /** Of a feed: changes with what makes it start again. Of a stream: with its configuration. Secrets are masked before, so that nobody can try passwords against it. */
  readonly hash: string;
  /** Something in it was masked: a change of that alone leaves the hash as it is. */
  readonly secret: boolean;
}

/** Of a stream, besides: what changes with what makes its source start again. */
export interface StreamHash extends EntityHash {
  readonly source: string;
}

/** Hashes by name. Listeners stay, whatever changes. */
export interface ConfigurationHashes {
  readonly feeds: ReadonlyMap<string, EntityHash>;
  readonly streams: ReadonlyMap<string, StreamHash>;
}

/** The hashes of a configuration, which are the same in every process that has it. */
export function hashesOf(configuration: Configuration): ConfigurationHashes {
  // In the order of the configuration, although groups are not.
  const feeds = new Map<string, EntityHash>(Object.keys(configuration.feeds).map((name) => [name, { hash: '', secret: false }]));
  const sources = new Map<string, string>();
  for (const group of groupsOf(configuration)) {
    const material = materialOf(group);
    for (const [name, madeOf] of material.feeds) feeds.set(name, hashEntity(madeOf));
    for (const [name, madeOf] of material.streams) sources.set(name, hashEntity(madeOf).hash);
  }
  const streams = Object.values(configuration.streams).map((stream) => [stream.name, { ...hashEntity(stream), source: sources.get(stream.name) ?? '' }] as const);
  return { feeds, streams: new Map(streams) };
}

/** A hash of the masters; a change of passwords alone leaves it as it is. */
export function hashOfMasters(masters: readonly MasterConfiguration[]): string {
  return hashOf(masters.map((master) => withoutSecrets(master) as object));
}

function hashEntity(entity: object): EntityHash {
  const masked = withoutSecrets(entity) as object;
  return { hash: hashOf(masked), secret: JSON.stringify(masked) !== JSON.stringify(entity) };
}

function withoutSecrets(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return key === 'passwordHash' ? mask : maskSecrets([value])[0];
  if (Array.isArray(value)) return value.every((item) => typeof item === 'string') ? maskSecrets(value) : value.map((item) => withoutSecrets(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withoutSecrets(item, name)]));
}
