import { Worker } from 'node:worker_threads';

/** What the thread is asked. */
export interface HashQuestion {
  readonly id: number;
  readonly password: string;
  readonly hash: string;
}

/** What it answers. */
export interface HashAnswer {
  readonly id: number;
  readonly right: boolean;
}

/** Checks passwords against hashes of htpasswd files in a thread of its own, so that listeners are not kept waiting. It starts with the first. */
export class HashThread {
  #worker: Worker | null = null;
  readonly #asked = new Map<number, (right: boolean) => void>();
  #last = 0;

  /** False as well when the thread dies: a check that was not made lets nobody in. */
  check(password: string, hash: string): Promise<boolean> {
    const worker = (this.#worker ??= this.#start());
    const id = ++this.#last;
    return new Promise((resolve) => {
      this.#asked.set(id, resolve);
      worker.ref();
      worker.postMessage({ id, password, hash } satisfies HashQuestion);
    });
  }

  #start(): Worker {
    // It needs nothing of the environment, which may hold secrets.
    const worker = new Worker(new URL('./hash-worker.js', import.meta.url), { env: {} });
    worker.on('message', ({ id, right }: HashAnswer) => {
      this.#asked.get(id)?.(right);
      this.#asked.delete(id);
      if (this.#asked.size === 0) worker.unref();
    });
    worker.on('error', () => this.#lost(worker));
    worker.on('exit', () => this.#lost(worker));
    return worker;
  }

  #lost(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    for (const settle of this.#asked.values()) settle(false);
    this.#asked.clear();
  }
}
