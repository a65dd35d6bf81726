import { dirname } from 'node:path';
import { ConfigurationError, differenceOf, formatProblem, loadConfiguration } from '@weir/config';
import type { Configuration, LoadedConfiguration } from '@weir/config';
import type { Logger } from '@weir/telemetry';
import type { Environment } from './options.ts';
import { logDifference, logProblems } from './reload-log.ts';
import { lookAt, readOnceIn, sameLook } from './source-look.ts';
import type { Look } from './source-look.ts';

/** Milliseconds between two looks at the files. Two equal ones in a row are needed: a file half written is still changing. */
const lookMillis = 1000;

/** Milliseconds after which a configuration that could not be applied is tried again. */
const retryMillis = 5000;

/** Makes a configuration true; rejects when it could not, and is then asked again. */
export type Apply = (configuration: Configuration) => Promise<void>;

/** Who wants the reload: somebody who waits for an answer, or a file that looks different. */
type Trigger = 'a signal' | 'a file that changed' | 'the last attempt, which failed';

/** What can come of a reload; `refused`: the files have mistakes, `failed`: what they say could not be applied. */
export const reloadOutcomes = ['applied', 'unchanged', 'refused', 'failed'] as const;
export type ReloadOutcome = (typeof reloadOutcomes)[number];

export interface ReloaderOptions {
  /** As given on the command line. */
  readonly paths: readonly string[];
  readonly environment: Environment;
  readonly logger: Logger;
  /** Whether `listen` of the configuration says where this process listens. */
  readonly listens: boolean;
  /** Told once for each reload. */
  readonly onOutcome?: (outcome: ReloadOutcome) => void;
}

/**
 * Keeps what runs at what the configuration files say: when asked, and, once it watches, when they change. It looks at the
 * files instead of being told by the system, which does not tell of every way to replace a file. A configuration that has
 * mistakes is refused whole: the old one stays.
 */
export class Reloader {
  readonly #options: ReloaderOptions;
  #configuration: Configuration;
  /** What the configuration was read from. */
  #sources: readonly string[];
  /** What is looked at, and how it stood when it was last loaded, whatever came of that. */
  #watched: readonly string[];
  #taken: Look;
  #last: Look;
  /** The mistakes that were last told, so that they are told once. */
  #refused: string | null = null;
  #apply: Apply | null = null;
  /** Whether the last configuration could be applied. */
  #applied = true;
  #asked: Trigger | null = null;
  #busy = false;
  #closed = false;
  #timer: NodeJS.Timeout | null = null;
  #retry: NodeJS.Timeout | null = null;

  /** @param loaded what was loaded from the paths just now, and is applied by whoever starts this */
  constructor(loaded: LoadedConfiguration, options: ReloaderOptions) {
    this.#options = options;
    this.#configuration = loaded.configuration;
    this.#sources = loaded.sources;
    this.#watched = loaded.sources;
    this.#taken = lookAt(loaded.sources);
    this.#last = this.#taken;
  }

  /** Begins to reload; what was asked before is done now. */
  start(apply: Apply, watch: boolean): void {
    this.#apply = apply;
    if (watch) this.#timer = setInterval(() => this.look(), lookMillis);
    this.#settle();
  }

  /** Reloads, or says why not. */
  reload(): void {
    this.#ask('a signal');
  }

  /** One look at the files, which reloads when they have changed and stand still. */
  look(): void {
    const look = lookAt(this.#watched);
    const still = sameLook(look, this.#last);
    this.#last = look;
    if (still && !this.#busy && !sameLook(look, this.#taken)) this.#ask('a file that changed');
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    if (this.#retry !== null) clearTimeout(this.#retry);
  }

  #ask(trigger: Trigger): void {
    // Who waits for an answer gets one.
    if (this.#asked !== 'a signal') this.#asked = trigger;
    this.#settle();
  }

  /** One reload at a time; what is asked meanwhile is one more after it. */
  #settle(): void {
    if (this.#busy || this.#closed || this.#apply === null || this.#asked === null) return;
    const [trigger, apply] = [this.#asked, this.#apply];
    this.#asked = null;
    this.#busy = true;
    void this.#reload(trigger, apply)
      .then((outcome) => this.#options.onOutcome?.(outcome))
      .finally(() => {
        this.#busy = false;
        this.#settle();
      });
  }

  async #reload(trigger: Trigger, apply: Apply): Promise<ReloadOutcome> {
    const { logger, listens } = this.#options;
    const configuration = this.#load(trigger);
    if (configuration === null) return 'refused';
    const { listen, ...difference } = differenceOf(this.#configuration, configuration);
    if (logDifference(logger, trigger, { ...difference, listen: listens ? listen : null }) === 'nothing' && this.#applied) return 'unchanged';
    try {
      await apply(configuration);
      this.#configuration = configuration;
      this.#applied = true;
      return 'applied';
    } catch (error) {
      this.#applied = false;
      logger.error('the configuration could not be applied', { reason: String(error), triesAgainInSeconds: retryMillis / 1000 });
      if (!this.#closed) this.#retry = setTimeout(() => this.#ask('the last attempt, which failed'), retryMillis);
      return 'failed';
    }
  }

  /** Null: refused. */
  #load(trigger: Trigger): Configuration | null {
    const { paths, environment, logger } = this.#options;
    // Before it is read: what changes from here on is news.
    this.#last = lookAt(this.#watched);
    const once = readOnceIn([...paths, ...this.#watched]);
    if (once !== null) {
      this.#take(this.#watched);
      logger.warn('the configuration cannot be read again: the old one stays', { path: once, reason: 'no regular file' });
      return null;
    }
    try {
      const { configuration, sources } = loadConfiguration(paths, environment);
      if (this.#refused !== null) logger.info('the configuration is good again');
      this.#refused = null;
      this.#sources = sources;
      this.#take(sources);
      return configuration;
    } catch (error) {
      this.#refuse(error, trigger);
      return null;
    }
  }

  #refuse(error: unknown, trigger: Trigger): void {
    const { logger } = this.#options;
    if (!(error instanceof ConfigurationError)) {
      this.#take(this.#watched);
      logger.error('the configuration cannot be loaded: the old one stays', { stack: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      return;
    }
    // Where it is wrong it will be mended: in a file that is included since now, or by one that is missing beside it.
    const files = error.problems.map(({ file }) => file);
    this.#take([...new Set([...this.#sources, ...files, ...files.map((file) => dirname(file))])]);
    if (trigger !== 'a signal' && error.message === this.#refused) {
      logger.debug('the configuration is still refused for the same reasons');
      return;
    }
    this.#refused = error.message;
    logProblems(logger, error.problems.map(formatProblem));
  }

  /** Watches these paths, which are loaded as they stood at the last look; the new among them as they stand now. */
  #take(paths: readonly string[]): void {
    this.#watched = paths;
    this.#taken = new Map([...lookAt(paths)].map(([path, state]) => [path, this.#last.get(path) ?? state]));
  }
}
