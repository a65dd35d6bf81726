import { setMaxListeners } from 'node:events';

/** What happens again and again at random times, and how often it has; at most so many of a kind at once. */
export class Churn {
  /** How often each kind of thing has happened. */
  readonly counts: Map<string, number> = new Map();
  readonly #ending = new AbortController();
  readonly #running: Promise<void>[] = [];

  constructor() {
    // All that rests listens to it.
    setMaxListeners(0, this.signal);
  }

  /** Aborted when the churn ends. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /**
   * Does something at random times, so many seconds apart on average, without waiting for its end: at most `atOnceMax` at the same
   * time. What it throws is counted, since connections break here.
   */
  often(what: string, meanSeconds: number, atOnceMax: number, act: (signal: AbortSignal) => Promise<void>): void {
    const acting = new Set<Promise<void>>();
    const loop = async (): Promise<void> => {
      while (!this.signal.aborted) {
        await rest(-Math.log(1 - Math.random()) * meanSeconds, this.signal);
        if (this.signal.aborted || acting.size >= atOnceMax) continue;
        this.count(what);
        const one = act(this.signal)
          .catch((error: unknown) => this.#fail(what, error))
          .finally(() => acting.delete(one));
        acting.add(one);
      }
      await Promise.all(acting);
    };
    this.#running.push(loop());
  }

  /** Fulfilled when everything has ended. */
  async end(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#running);
  }

  #fail(what: string, error: unknown): void {
    if (this.signal.aborted) return;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    this.count(`${what}: ${cause instanceof DOMException ? cause.name : ((cause as NodeJS.ErrnoException).code ?? String(cause).slice(0, 100))}`);
  }
}

/** Fulfilled after so many seconds, or when the signal is aborted. */
export function rest(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, seconds * 1000);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
}

/** One of several, all as likely. */
export function anyOf<T>(all: readonly T[]): T {
  return all[Math.floor(Math.random() * all.length)] as T;
}

/** A number from `least` to `most`. */
export function between(least: number, most: number): number {
  return least + Math.random() * (most - least);
}

/** An address that was hardly there before. */
export function newAddress(): string {
  return [10, between(0, 256), between(0, 256), between(1, 255)].map(Math.floor).join('.');
}
