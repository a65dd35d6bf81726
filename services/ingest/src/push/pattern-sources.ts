import { fillIn, nameOf, PushPatterns } from '@weir/config';
import type { Configuration, PushPattern } from '@weir/config';
import { sourceArrivalMillis } from '../limits.ts';
import type { PatternPlace } from './push-routes.ts';

/** What an ingest knows of the sources that it asks about. */
export interface PatternSurroundings {
  /** Whether somebody pushes to a path. */
  readonly occupied: (path: string) => boolean;
  /** Whether somebody listens to a stream. */
  readonly wanted: (stream: string) => boolean;
  /** There is a source more or less: {@link PatternSources.configuration} is another one. */
  readonly onChange: () => void;
}

/** A source of a pattern from its arrival until its listeners need it no more. */
interface KnownSource {
  readonly pattern: PushPattern;
  /** In place of the `*`. */
  readonly source: string;
  readonly path: string;
  /** Since when nobody pushes, monotonic; null: somebody does. */
  goneMillis: number | null;
  /** Whether somebody ever did. */
  arrived: boolean;
}

/** The sources of patterns that are on this ingest, and the configuration that has feeds and streams for them. */
export class PatternSources {
  readonly #around: PatternSurroundings;
  #patterns: PushPatterns | null = null;
  /** By name, such as `live/anna`. */
  readonly #sources = new Map<string, KnownSource>();

  constructor(around: PatternSurroundings) {
    this.#around = around;
  }

  /** From now on these patterns count; sources that none of them is for are forgotten. Does not tell of a change. */
  apply(configuration: Configuration): void {
    const patterns = new PushPatterns(configuration);
    this.#patterns = patterns;
    const before = [...this.#sources.values()];
    this.#sources.clear();
    for (const { source, pattern, goneMillis, arrived } of before) {
      const now = patterns.all.find(({ feed }) => feed === pattern.feed);
      if (now !== undefined && patterns.whyNot(now, source) === null) this.#add(now, source, { goneMillis, arrived });
    }
  }

  /** What is to run; null before there is a configuration. */
  get configuration(): Configuration | null {
    return this.#patterns?.with(this.names) ?? null;
  }

  get names(): readonly string[] {
    return [...this.#sources.keys()];
  }

  /** Whether there may be any. */
  get possible(): boolean {
    return this.places.length > 0;
  }

  /** Where they may come. */
  get places(): readonly PatternPlace[] {
    const all = this.#patterns?.all ?? [];
    return all.map((pattern) => ({ path: pattern.path, credentials: pattern.credentials ?? 'open', addresses: pattern.addresses, format: pattern.format, make: (source) => this.#make(pattern, source) }));
  }

  /** Each second: forgets those that have been gone for too long. */
  tick(nowMillis: number): void {
    let changed = false;
    for (const [name, source] of this.#sources) {
      if (this.#around.occupied(source.path)) {
        source.goneMillis = null;
        source.arrived = true;
        continue;
      }
      source.goneMillis ??= nowMillis;
      if (nowMillis - source.goneMillis <= (source.arrived ? source.pattern.graceMillis : sourceArrivalMillis) || this.#hasListeners(source)) continue;
      this.#sources.delete(name);
      changed = true;
    }
    if (changed) this.#around.onChange();
  }

  #make(pattern: PushPattern, source: string): { readonly status: number; readonly text: string } | null {
    const why = this.#patterns?.whyNot(pattern, source) ?? null;
    if (why !== null) return { status: 403, text: `A source cannot have this name: ${why}.` };
    const others = [...this.#sources].filter(([, other]) => other.pattern === pattern);
    if (others.length >= pattern.sourcesMax) {
      const [gone] = others.find(([, { path, arrived }]) => arrived && !this.#around.occupied(path)) ?? [];
      if (gone === undefined) return { status: 503, text: `There are ${others.length} sources already, as many as "max_sources" of the feed allows.` };
      this.#sources.delete(gone);
    }
    this.#add(pattern, source, { goneMillis: performance.now(), arrived: false });
    this.#around.onChange();
    return null;
  }

  #add(pattern: PushPattern, source: string, since: Pick<KnownSource, 'goneMillis' | 'arrived'>): void {
    this.#sources.set(nameOf(pattern.feed, source), { pattern, source, path: fillIn(pattern.path, source), ...since });
  }

  /** Those of a fallback stay: it is there for the time without a source. */
  #hasListeners({ pattern, source }: KnownSource): boolean {
    return pattern.streams.some(({ name, fallback }) => fallback.length > 0 && this.#around.wanted(nameOf(name, source)));
  }
}
