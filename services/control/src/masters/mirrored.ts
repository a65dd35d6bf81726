import { mirrorsFrom } from '@weir/config';
import type { MasterConfiguration } from '@weir/config';
import { missingMillis, mirroredMax } from '../limits.ts';
import type { Offer } from './selection.ts';

/** A stream as it is mirrored now. */
export interface Mirrored {
  /** URLs in order of preference, without user and password. */
  readonly of: readonly string[];
  readonly hops: number;
  /** Since when no master has it, on a monotonic clock; null while one has. */
  readonly missingSinceMillis: number | null;
}

/** What a master gives. */
export interface Giver {
  readonly configuration: MasterConfiguration;
  /** Names it in {@link Mirrored.of}. */
  readonly name: string;
  /** By the path here; null while it has not answered: it is then taken to have what is mirrored of it. */
  readonly offers: ReadonlyMap<string, Offer> | null;
}

/** Streams by the path here. */
export type MirroredStreams = ReadonlyMap<string, Mirrored>;

/**
 * What is mirrored next. A stream that somebody uses stays as it is, whatever masters say, until nobody does: another list of
 * URLs would start its relay again, and its removal would disconnect them. What the configuration no longer asks for goes at once.
 */
export function nextMirrored(now: MirroredStreams, givers: readonly Giver[], isUsed: (path: string) => boolean, nowMillis: number): MirroredStreams {
  const offered = offersByPath(now, givers);
  const next = new Map<string, Mirrored>();
  for (const [path, mirrored] of now) {
    const kept = mirrored.of.filter((url) => givers.some(({ configuration }) => mirrorsFrom(configuration, url, path)));
    const offer = offered.get(path);
    if (offer === undefined) {
      const missingSinceMillis = mirrored.missingSinceMillis ?? nowMillis;
      if (kept.length > 0 && (isUsed(path) || nowMillis - missingSinceMillis < missingMillis)) next.set(path, { ...mirrored, of: kept, missingSinceMillis });
    } else {
      const stays = kept.length > 0 && isUsed(path);
      next.set(path, { of: stays ? kept : offer.of, hops: offer.hops, missingSinceMillis: null });
    }
  }
  for (const [path, offer] of offered) {
    if (!next.has(path) && next.size < mirroredMax) next.set(path, { ...offer, missingSinceMillis: null });
  }
  return next;
}

/** True where listeners and edges would see no difference. */
export function sameMirrored(a: MirroredStreams, b: MirroredStreams): boolean {
  return a.size === b.size && [...a].every(([path, { of, hops }]) => {
    const other = b.get(path);
    return other !== undefined && other.hops === hops && other.of.length === of.length && of.every((url, index) => other.of[index] === url);
  });
}

/** Of each path, the URLs of all who give it: over the fewest servers first, then in the order of the masters. */
function offersByPath(now: MirroredStreams, givers: readonly Giver[]): Map<string, { of: readonly string[]; hops: number }> {
  const urls = new Map<string, { url: string; hops: number }[]>();
  const add = (path: string, url: string, hops: number): void => {
    const known = urls.get(path);
    if (known === undefined) urls.set(path, [{ url, hops }]);
    else known.push({ url, hops });
  };
  for (const { configuration, name, offers } of givers) {
    for (const [path, offer] of offers ?? []) add(path, `${name}${offer.path}`, offer.hops);
    if (offers !== null) continue;
    for (const [path, { of, hops }] of now) for (const url of of) if (mirrorsFrom(configuration, url, path)) add(path, url, hops);
  }
  return new Map([...urls].map(([path, found]) => {
    const sorted = found.sort((a, b) => a.hops - b.hops);
    return [path, { of: [...new Set(sorted.map(({ url }) => url))], hops: sorted[0]?.hops ?? 1 }];
  }));
}
