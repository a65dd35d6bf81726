import cluster from 'node:cluster';
import type { Logger, Metrics, RootLogger } from '@weir/telemetry';
import type { ReloadOutcome } from '@weir/control';
import { exitCodes } from './exit-codes.ts';
import { Terminal } from './terminal.ts';

/** What every verb that runs starts with. */
export interface Start {
  readonly logger: RootLogger;
  readonly lifetime: Lifetime;
  /** Reads the configuration files again; null where there are none. */
  readonly reload: (() => Promise<ReloadOutcome>) | null;
  /** This process's, with the role that its verb is. */
  readonly metrics: Metrics;
}

/** Milliseconds that closing may take: children get 5 s to end by themselves, and the rest is quick. Draining is not closing. */
const closeMillisMax = 8000;

interface Closer {
  readonly close: () => Promise<void>;
  /** How it ends when nobody is in a hurry. */
  readonly closeGently: () => Promise<void>;
}

/**
 * Runs until SIGTERM, SIGINT, SIGHUP or {@link stop}, then ends everything in the reverse order of {@link onStop} and exits.
 * SIGUSR1 does the same without a limit for listeners to leave. A second signal exits at once. With {@link onReload}, SIGHUP
 * reloads, unless it comes because the terminal was closed. Faults that nobody caught are told with their stack and end nothing
 * else.
 */
export class Lifetime {
  readonly #logger: Logger;
  readonly #closers: Closer[] = [];
  readonly #terminal = new Terminal();
  readonly #reloads: (() => void)[] = [];
  /** Aborted when the stop begins. */
  readonly stopping: AbortController = new AbortController();

  constructor(logger: Logger) {
    this.#logger = logger;
    process.on('SIGTERM', () => this.stop('SIGTERM'));
    // A terminal signals a worker and its main process alike; the worker waits for what the main process passes on.
    process.on('SIGINT', () => cluster.isPrimary && this.stop('SIGINT'));
    process.on('SIGHUP', () => cluster.isPrimary && this.#hangUp());
    process.on('SIGUSR1', () => this.stop('SIGUSR1', 'gently'));
    process.on('uncaughtException', (error) => this.#fault('an exception that nobody caught', error));
    process.on('unhandledRejection', (error) => this.#fault('a rejection that nobody handled', error));
  }

  /** @param closeGently without a limit for listeners to leave; `close` when left out */
  onStop(close: () => Promise<void>, closeGently: () => Promise<void> = close): void {
    this.#closers.push({ close, closeGently });
  }

  /** What SIGHUP does from now on, instead of stopping; all that it is told. */
  onReload(reload: () => void): void {
    this.#reloads.push(reload);
  }

  stop(reason: string, manner: 'soon' | 'gently' = 'soon'): void {
    if (this.stopping.signal.aborted) {
      this.#logger.warn('stopping at once', { reason });
      process.exit(exitCodes.failed);
    }
    this.#logger.info('stopping', { reason });
    this.stopping.abort();
    void this.#close(manner).then(() => {
      this.#logger.info('stopped');
      process.exit(exitCodes.done);
    });
  }

  #hangUp(): void {
    if (this.#reloads.length === 0 || this.#terminal.closed) this.stop('SIGHUP');
    else if (!this.stopping.signal.aborted) for (const reload of this.#reloads) reload();
  }

  async #close(manner: 'soon' | 'gently'): Promise<void> {
    const [first, ...closers] = this.#closers.reverse();
    if (first !== undefined) await this.#end(manner === 'soon' ? first.close : first.closeGently);
    const timer = setTimeout(() => {
      this.#logger.error('the stop took too long', { seconds: closeMillisMax / 1000 });
      process.exit(exitCodes.failed);
    }, closeMillisMax);
    for (const { close } of closers) await this.#end(close);
    clearTimeout(timer);
  }

  async #end(close: () => Promise<void>): Promise<void> {
    await close().catch((error: unknown) => this.#fault('a fault while stopping', error));
  }

  #fault(what: string, error: unknown): void {
    this.#logger.error(what, { stack: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
