import { dirname } from 'node:path';
import { ConfigurationError, differenceOf, formatProblem, loadConfiguration } from '@weir/config';
import type { Configuration, LoadedConfiguration } from '@weir/config';
import type { ReloadOutcome } from '@weir/control';
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
type Trigger = 'a signal' | 'an administrator' | 'a file that changed' | 'the last attempt, which failed';

type Refusal = Extract<ReloadOutcome, { outcome: 'refused' }>;

const stopping: ReloadOutcome = { outcome: 'failed', reason: 'weir is about to stop' };

/** Whether somebody wants to know what comes of it. */
function waits(trigger: Trigger): boolean {
  return trigger === 'a signal' || trigger === 'an administrator';
}

export interface ReloaderOptions {
  /** As given on the command line. */
  readonly paths: readonly string[];
  readonly environment: Environment;
  readonly logger: Logger;
  /** Whether `listen` of the configuration says where this process listens, and `tls` with which certificate. */
  readonly uses: { readonly listen: boolean; readonly tls: boolean };
  /** Told once for each reload. */
  readonly onOutcome?: (outcome: ReloadOutcome['outcome']) => void;
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
  /** Told what came of the next reload. */
  #waiting: ((outcome: ReloadOutcome) => void)[] = [];
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

  /** Reloads, and tells what came of it. */
  ask(): Promise<ReloadOutcome> {
    if (this.#closed) return Promise.resolve(stopping);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#ask('an administrator');
    });
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
    for (const tell of this.#waiting) tell(stopping);
  }

  #ask(trigger: Trigger): void {
    // Who waits for an answer gets one.
    if (this.#asked === null || !waits(this.#asked)) this.#asked = trigger;
    this.#settle();
  }

  /** One reload at a time; what is asked meanwhile is one more after it. */
  #settle(): void {
    if (this.#busy || this.#closed || this.#apply === null || this.#asked === null) return;
    const [trigger, apply] = [this.#asked, this.#apply];
    this.#asked = null;
    this.#busy = true;
    const waiting = this.#waiting;
    this.#waiting = [];
    void this.#reload(trigger, apply).then((outcome) => {
      for (const tell of waiting) tell(outcome);
      this.#options.onOutcome?.(outcome.outcome);
      this.#busy = false;
      this.#settle();
    });
  }

  async #reload(trigger: Trigger, apply: Apply): Promise<ReloadOutcome> {
    const { logger, uses } = this.#options;
    const loaded = this.#load(trigger);
    if ('outcome' in loaded) return loaded;
    const { configuration } = loaded;
    const difference = differenceOf(this.#configuration, configuration);
    const { changes, masters, edge, admin, access } = difference;
    const listen = uses.listen ? difference.listen : null;
    const tls = uses.tls && difference.tls;
    if (logDifference(logger, trigger, { ...difference, listen, tls }) === 'nothing' && this.#applied) return { outcome: 'unchanged' };
    try {
      await apply(configuration);
      this.#configuration = configuration;
      this.#applied = true;
      return { outcome: 'reloaded', changes, masters, edge, admin, access, listenNeedsRestart: listen !== null, tlsNeedsRestart: tls };
    } catch (error) {
      this.#applied = false;
      logger.error('the configuration could not be applied', { reason: String(error), triesAgainInSeconds: retryMillis / 1000 });
      if (!this.#closed) this.#retry = setTimeout(() => this.#ask('the last attempt, which failed'), retryMillis);
      return { outcome: 'failed', reason: String(error) };
    }
  }

  #load(trigger: Trigger): { readonly configuration: Configuration } | Refusal {
    const { paths, environment, logger } = this.#options;
    // Before it is read: what changes from here on is news.
    this.#last = lookAt(this.#watched);
    const once = readOnceIn([...paths, ...this.#watched]);
    if (once !== null) {
      this.#take(this.#watched);
      logger.warn('the configuration cannot be read again: the old one stays', { path: once, reason: 'no regular file' });
      return { outcome: 'refused', problems: [`${once}: no regular file: it cannot be read again`] };
    }
    try {
      const { configuration, sources } = loadConfiguration(paths, environment);
      if (this.#refused !== null) logger.info('the configuration is good again');
      this.#refused = null;
      this.#sources = sources;
      this.#take(sources);
      return { configuration };
    } catch (error) {
      return { outcome: 'refused', problems: this.#refuse(error, trigger) };
    }
  }

  /** The problems, a line each. */
  #refuse(error: unknown, trigger: Trigger): readonly string[] {
    const { logger } = this.#options;
    if (!(error instanceof ConfigurationError)) {
      this.#take(this.#watched);
      logger.error('the configuration cannot be loaded: the old one stays', { stack: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      return [String(error)];
    }
    const problems = error.problems.map(formatProblem);
    // Where it is wrong it will be mended: in a file that is included since now, or by one that is missing beside it.
    const files = error.problems.map(({ file }) => file);
    this.#take([...new Set([...this.#sources, ...files, ...files.map((file) => dirname(file))])]);
    if (!waits(trigger) && error.message === this.#refused) {
      logger.debug('the configuration is still refused for the same reasons');
      return problems;
    }
    this.#refused = error.message;
    logProblems(logger, problems);
    return problems;
  }

  /** Watches these paths, which are loaded as they stood at the last look; the new among them as they stand now. */
  #take(paths: readonly string[]): void {
    this.#watched = paths;
    this.#taken = new Map([...lookAt(paths)].map(([path, state]) => [path, this.#last.get(path) ?? state]));
  }
}
