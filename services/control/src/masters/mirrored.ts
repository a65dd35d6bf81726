import { isDeepStrictEqual } from 'node:util';
import { mirrorsFrom } from '@weir/config';
import type { MasterConfiguration, StreamMirror } from '@weir/config';
import { missingLooks, mirroredMax } from '../limits.ts';
import type { Selection } from './selection.ts';

/** A stream as it is mirrored now. */
export interface Mirrored extends StreamMirror {
  /** Since when no master has it, on a monotonic clock; null while one has. */
  readonly missingSinceMillis: number | null;
}

/** What a master gives. */
export interface Giver {
  readonly configuration: MasterConfiguration;
  /** Names it in {@link Mirrored.of}. */
  readonly name: string;
  /** What it last told; null before its first answer: it is then taken to have what is mirrored of it. */
  readonly selection: Selection | null;
  /** It did not tell when it was asked last. */
  readonly silent: boolean;
}

/** Streams by the path here. */
export type MirroredStreams = ReadonlyMap<string, Mirrored>;

/** What all masters together offer of one stream. */
interface Offered extends StreamMirror {
  /** The URLs that give something, as far as is known. */
  readonly up: ReadonlySet<string>;
}

/**
 * What is mirrored next. The URLs of a stream that somebody uses stay while one of them is good, since others would start its
 * relay again; and it is not removed under its listeners. What the configuration no longer asks for goes at once, and so does what
 * turns out to come from here.
 */
export function nextMirrored(now: MirroredStreams, givers: readonly Giver[], isUsed: (path: string) => boolean, nowMillis: number): MirroredStreams {
  const offered = offeredBy(givers, now);
  const missingMillis = missingLooks * Math.max(0, ...givers.map(({ configuration }) => configuration.refreshMillis));
  const next = new Map<string, Mirrored>();
  for (const [path, mirrored] of now) {
    const kept = mirrored.of.filter((url) => givers.some((giver) => mayGive(giver, url, path)));
    const offer = offered.get(path);
    if (offer === undefined) {
      const missingSinceMillis = mirrored.missingSinceMillis ?? nowMillis;
      if (kept.length > 0 && (isUsed(path) || nowMillis - missingSinceMillis < missingMillis)) next.set(path, { ...mirrored, of: kept, missingSinceMillis });
    } else {
      const stays = kept.some((url) => offer.up.has(url)) && isUsed(path);
      next.set(path, { of: stays ? kept : offer.of, via: offer.via, missingSinceMillis: null });
    }
  }
  for (const [path, { of, via }] of offered) {
    if (!next.has(path) && next.size < mirroredMax) next.set(path, { of, via, missingSinceMillis: null });
  }
  return next;
}

/** True where listeners and edges would see no difference. */
export function sameMirrored(a: MirroredStreams, b: MirroredStreams): boolean {
  return a.size === b.size && [...a].every(([path, { of, via }]) => isDeepStrictEqual({ of, via }, mirrorOf(b.get(path))));
}

function mirrorOf(mirrored: Mirrored | undefined): StreamMirror | null {
  return mirrored === undefined ? null : { of: mirrored.of, via: mirrored.via };
}

function mayGive({ configuration, selection }: Giver, url: string, path: string): boolean {
  return mirrorsFrom(configuration, url, path) && selection?.circular.has(path) !== true;
}

/** Of each path, the URLs of all who give it: over the fewest servers first, then in the order of the masters. */
function offeredBy(givers: readonly Giver[], now: MirroredStreams): ReadonlyMap<string, Offered> {
  const found = new Map<string, { url: string; servers: number; via: readonly string[]; isUp: boolean }[]>();
  const add = (path: string, url: string, servers: number, via: readonly string[], isUp: boolean): void => {
    const known = found.get(path) ?? [];
    known.push({ url, servers, via, isUp });
    found.set(path, known);
  };
  for (const { configuration, name, selection, silent } of givers) {
    for (const [path, { path: there, before, via, isDown }] of selection?.offers ?? []) add(path, `${name}${there}`, before.length, via, !silent && !isDown);
    if (selection !== null) continue;
    for (const [path, { of, via }] of now) for (const url of of) if (mirrorsFrom(configuration, url, path)) add(path, url, 0, via, !silent);
  }
  return new Map([...found].map(([path, each]) => {
    const of = [...new Set(each.sort((a, b) => a.servers - b.servers).map(({ url }) => url))];
    const via = [...new Set(each.flatMap((one) => one.via))].sort();
    return [path, { of, via, up: new Set(each.flatMap(({ url, isUp }) => (isUp ? url : []))) }];
  }));
}
