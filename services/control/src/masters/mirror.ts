import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { masterName, mirrorsFrom, takenPaths, withMirrored } from '@weir/config';
import type { Activity, Configuration, MasterConfiguration, MirroredStream, StreamMirror } from '@weir/config';
import type { Logger, MasterStatus } from '@weir/telemetry';
import { firstLookMillis, mirroredMax, mirrorLinesMax } from '../limits.ts';
import { Master } from './master.ts';
import { nextMirrored, sameMirrored } from './mirrored.ts';
import type { MirroredStreams } from './mirrored.ts';

export interface MirrorOptions {
  readonly logger: Logger;
  /** This one. */
  readonly deployment: string;
  /** What was mirrored before, by another run of this service, stays for as long as the masters say nothing else. */
  readonly before: Configuration | null;
  /** Whether somebody listens to the mirrored stream at a path now, as far as is known; true while nothing is known. */
  readonly usage: () => (path: string) => boolean;
  /** Makes a configuration with mirrored streams true; one at a time. Rejects when it could not. */
  readonly apply: (configuration: Configuration) => Promise<void>;
}

const onDemand: Activity = { mode: 'on-demand', lingerMillis: 0 };

/** Keeps the streams of the configuration's masters beside its own. */
export class Mirror {
  readonly #options: MirrorOptions;
  #configuration: Configuration | null = null;
  #masters: readonly Master[] = [];
  #streams: MirroredStreams;
  /** Whether what is applied is what is known here. */
  #settled = true;
  /** The work so far: each piece begins after the one before. */
  #work: Promise<void> = Promise.resolve();

  constructor(options: MirrorOptions) {
    this.#options = options;
    const before = Object.values(options.before?.streams ?? {});
    this.#streams = new Map(before.flatMap(({ path, mirror }) => (mirror === undefined ? [] : [[path, { ...mirror, missingSinceMillis: null }] as const])));
  }

  /**
   * Makes the configuration true, with what its masters give; new ones have a moment for their first answer. Rejects as `apply` of
   * the options does.
   */
  apply(configuration: Configuration): Promise<void> {
    return this.#after(async () => {
      this.#configuration = configuration;
      const appointed = this.#appoint(configuration.masters);
      if (appointed.length > 0) await Promise.race([Promise.all(appointed.map(({ looked }) => looked)), pause(firstLookMillis, undefined, { ref: false })]);
      // It may have been closed meanwhile.
      if (this.#configuration === configuration) await this.#take(this.#next(), configuration);
    });
  }

  status(): readonly MasterStatus[] {
    return this.#masters.map((master) => master.status());
  }

  /** Nothing is applied any more. */
  close(): void {
    this.#configuration = null;
    for (const master of this.#masters) master.close();
  }

  /** Gives the new ones. */
  #appoint(configurations: readonly MasterConfiguration[]): readonly Master[] {
    const { logger, deployment } = this.#options;
    const before = this.#masters;
    const onLooked = (): void => void this.#after(() => this.#refresh());
    this.#masters = configurations.map(
      (configuration) => before.find((master) => isDeepStrictEqual(master.configuration, configuration)) ?? new Master(configuration, { logger, deployment, onLooked }),
    );
    for (const master of before) if (!this.#masters.includes(master)) master.close();
    return this.#masters.filter((master) => !before.includes(master));
  }

  /** A master was looked at. */
  async #refresh(): Promise<void> {
    const configuration = this.#configuration;
    const streams = this.#next();
    if (configuration === null || (this.#settled && sameMirrored(this.#streams, streams))) {
      // When a stream was missing first is news to nobody else.
      this.#streams = streams;
      return;
    }
    try {
      await this.#take(streams, configuration);
    } catch (error) {
      this.#options.logger.error('mirrored streams could not be applied: this is tried again', { reason: String(error) });
    }
  }

  #next(): MirroredStreams {
    return nextMirrored(this.#streams, this.#masters, this.#options.usage(), performance.now());
  }

  async #take(streams: MirroredStreams, configuration: Configuration): Promise<void> {
    const before = this.#streams;
    this.#streams = streams;
    this.#settled = false;
    this.#tell(before, configuration);
    const mirrored = [...streams].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, { of, via }]) => this.#stream(path, { of, via }));
    // Masters are asked here alone, and their passwords are nobody else's business.
    await this.#options.apply({ ...withMirrored(configuration, mirrored), masters: [], deployment: this.#options.deployment });
    this.#settled = true;
  }

  /** With the users and passwords of its masters; it runs when the first of them says. */
  #stream(path: string, mirror: StreamMirror): MirroredStream {
    const sources = mirror.of.flatMap((url) => {
      const master = this.#masters.find(({ configuration }) => mirrorsFrom(configuration, url, path))?.configuration;
      return master === undefined ? [] : [{ url: `${master.url}${url.slice(masterName(master).length)}`, active: master.active }];
    });
    return { path, urls: sources.map(({ url }) => url), active: sources[0]?.active ?? onDemand, mirror };
  }

  #tell(before: MirroredStreams, configuration: Configuration): void {
    const { logger } = this.#options;
    const takes = takenPaths(configuration);
    const come = [...this.#streams].flatMap(([path, { of }]) => (before.has(path) ? [] : { path, what: 'mirrored', fields: { of: of.join(',') } }));
    const gone = [...before.keys()].flatMap((path) => (this.#streams.has(path) ? [] : { path, what: 'no longer mirrored', fields: {} }));
    for (const { path } of come) if (takes(path)) logger.debug('a stream is not mirrored', { path, reason: 'its path is taken by the configuration' });
    const lines = [...come, ...gone].filter(({ path }) => !takes(path));
    for (const { path, what, fields } of lines.slice(0, mirrorLinesMax)) logger.info(`stream ${path}: ${what}`, fields);
    if (lines.length > mirrorLinesMax) logger.info('and more mirrored streams', { count: lines.length - mirrorLinesMax });
    if (this.#streams.size === mirroredMax && before.size < mirroredMax) logger.warn('no more streams than these are mirrored: choose some by paths', { count: mirroredMax });
  }

  /** What `work` throws is the caller's alone. */
  #after(work: () => Promise<void>): Promise<void> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => {});
    return done;
  }
}
