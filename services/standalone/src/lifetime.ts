import type { Logger } from '@weir/telemetry';
import { exitCodes } from './exit-codes.ts';

/** What every verb that runs starts with. */
export interface Start {
  readonly logger: Logger;
  readonly lifetime: Lifetime;
}

/** Milliseconds a stop may take: children get 5 s to end by themselves, and the rest is quick. */
const stopMillisMax = 8000;

/**
 * Runs until SIGTERM, SIGINT, SIGHUP or `stop` is called; then closes in the reverse order of {@link onStop} and exits. A second signal
 * exits at once. Faults that nobody caught are told with their stack and end nothing else.
 */
export class Lifetime {
  readonly #logger: Logger;
  readonly #closers: (() => Promise<void>)[] = [];
  /** Aborted when the stop begins. */
  readonly stopping: AbortController = new AbortController();

  constructor(logger: Logger) {
    this.#logger = logger;
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => this.stop(signal));
    process.on('uncaughtException', (error) => this.#fault('an exception that nobody caught', error));
    process.on('unhandledRejection', (error) => this.#fault('a rejection that nobody handled', error));
  }

  onStop(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  stop(reason: string, code: number = exitCodes.done): void {
    if (this.stopping.signal.aborted) {
      this.#logger.warn('stopping at once', { reason });
      process.exit(exitCodes.failed);
    }
    this.#logger.info('stopping', { reason });
    this.stopping.abort();
    const timer = setTimeout(() => {
      this.#logger.error('the stop took too long', { seconds: stopMillisMax / 1000 });
      process.exit(exitCodes.failed);
    }, stopMillisMax);
    void this.#close().then(() => {
      clearTimeout(timer);
      this.#logger.info('stopped');
      process.exit(code);
    });
  }

  async #close(): Promise<void> {
    for (const close of this.#closers.reverse()) {
      await close().catch((error: unknown) => this.#fault('a fault while stopping', error));
    }
  }

  #fault(what: string, error: unknown): void {
    this.#logger.error(what, { stack: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
