import { masterName, mirrorsFrom, withMirrored } from '@weir/config';
import type { Configuration, MasterConfiguration, MirroredStream } from '@weir/config';
import type { Logger, MasterStatus } from '@weir/telemetry';
import { isDeepStrictEqual } from 'node:util';
import { mirrorLinesMax } from '../limits.ts';
import { Master } from './master.ts';
import { nextMirrored, sameMirrored } from './mirrored.ts';
import type { MirroredStreams } from './mirrored.ts';

export interface MirrorOptions {
  readonly logger: Logger;
  /** Whether somebody listens to the mirrored stream at a path now, as far as is known; true while nothing is known. */
  readonly usage: () => (path: string) => boolean;
  /** Makes a configuration with mirrored streams true; one at a time. Rejects when it could not. */
  readonly apply: (configuration: Configuration) => Promise<void>;
}

/** Keeps the streams of the configuration's masters beside its own. */
export class Mirror {
  readonly #options: MirrorOptions;
  #configuration: Configuration | null = null;
  #masters: readonly Master[] = [];
  #streams: MirroredStreams = new Map();
  /** Whether what is applied is what is known here. */
  #settled = true;
  /** The work so far: each piece begins after the one before. */
  #work: Promise<void> = Promise.resolve();

  constructor(options: MirrorOptions) {
    this.#options = options;
  }

  /** Takes what was mirrored before, by another run of this service, for as long as the masters say nothing else. */
  resume(published: Configuration): void {
    const mirrored = Object.values(published.streams).flatMap(({ path, mirror }) => (mirror === undefined ? [] : [[path, { ...mirror, missingSinceMillis: null }] as const]));
    this.#streams = new Map(mirrored);
  }

  /** Makes the configuration true, with what its masters give as far as is known. Rejects as `apply` of the options does. */
  apply(configuration: Configuration): Promise<void> {
    return this.#after(async () => {
      this.#configuration = configuration;
      this.#appoint(configuration.masters);
      this.#streams = this.#next();
      await this.#apply(configuration);
    });
  }

  status(): readonly MasterStatus[] {
    return this.#masters.map((master) => master.status());
  }

  close(): void {
    for (const master of this.#masters) master.close();
  }

  #appoint(configurations: readonly MasterConfiguration[]): void {
    const old = new Set(this.#masters);
    this.#masters = configurations.map((configuration) => {
      const same = [...old].find((master) => isDeepStrictEqual(master.configuration, configuration));
      if (same !== undefined) old.delete(same);
      return same ?? new Master(configuration, { logger: this.#options.logger, onLooked: () => void this.#after(() => this.#refresh()) });
    });
    for (const gone of old) gone.close();
  }

  /** A master was looked at. */
  async #refresh(): Promise<void> {
    const configuration = this.#configuration;
    if (configuration === null) return;
    const before = this.#streams;
    this.#streams = this.#next();
    if (this.#settled && sameMirrored(before, this.#streams)) return;
    this.#tell(before, configuration);
    try {
      await this.#apply(configuration);
    } catch (error) {
      this.#options.logger.error('mirrored streams could not be applied: this is tried again', { reason: String(error) });
    }
  }

  #next(): MirroredStreams {
    return nextMirrored(this.#streams, this.#masters, this.#options.usage(), performance.now());
  }

  async #apply(configuration: Configuration): Promise<void> {
    this.#settled = false;
    const streams = [...this.#streams].sort(([a], [b]) => (a < b ? -1 : 1));
    // Masters are asked here alone, and their passwords are nobody else's business.
    await this.#options.apply({ ...withMirrored(configuration, streams.map(([path, { of, hops }]) => this.#stream(path, of, hops))), masters: [] });
    this.#settled = true;
  }

  #stream(path: string, of: readonly string[], hops: number): MirroredStream {
    return { path, urls: of.map((url) => this.#withLogin(url, path)), mirror: { of, hops } };
  }

  #withLogin(url: string, path: string): string {
    const master = this.#masters.find(({ configuration }) => mirrorsFrom(configuration, url, path));
    return master === undefined ? url : `${master.configuration.url}${url.slice(masterName(master.configuration).length)}`;
  }

  #tell(before: MirroredStreams, configuration: Configuration): void {
    const { logger } = this.#options;
    const own = new Set(Object.values(configuration.streams).map(({ path }) => path));
    const come = [...this.#streams].filter(([path]) => !before.has(path) && !own.has(path));
    for (const path of this.#streams.keys()) {
      if (own.has(path) && !before.has(path)) logger.debug('a stream is not mirrored', { path, reason: 'the configuration has one at this path' });
    }
    const gone = [...before.keys()].filter((path) => !this.#streams.has(path));
    const lines = [...come.map(([path, { of }]) => ({ path, what: 'mirrored', of: of.join(',') })), ...gone.map((path) => ({ path, what: 'no longer mirrored', of: '' }))];
    for (const { path, what, of } of lines.slice(0, mirrorLinesMax)) logger.info(`stream ${path}: ${what}`, of === '' ? {} : { of });
    if (lines.length > mirrorLinesMax) logger.info('and more mirrored streams', { count: lines.length - mirrorLinesMax });
  }

  /** What `work` throws is the caller's alone. */
  #after(work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => {});
    return done;
  }
}
