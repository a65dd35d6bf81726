import { BusError } from './bus-error.ts';
import type { CollectLimits } from './bus.ts';

/** Gathers the answers to one `collect`, within its limits. The owner of the inbox calls `take` and `fail`. */
export class Collector {
  readonly done: Promise<Uint8Array[]>;
  readonly #subject: string;
  readonly #limits: CollectLimits;
  readonly #answers: Uint8Array[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout;
  #resolve: (answers: Uint8Array[]) => void = () => {};
  #reject: (error: BusError) => void = () => {};

  constructor(subject: string, limits: CollectLimits) {
    this.#subject = subject;
    this.#limits = limits;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#timer = setTimeout(() => this.#timeout(), limits.timeoutMillis);
  }

  take(answer: Uint8Array): void {
    if (answer.length === 0) {
      clearTimeout(this.#timer);
      this.#resolve(this.#answers);
      return;
    }
    this.#timer.refresh();
    this.#bytes += answer.length;
    if (this.#bytes > this.#limits.bytesMax) {
      this.fail(new BusError('too-large', `${this.#subject}: the answer is larger than ${this.#limits.bytesMax} bytes`));
      return;
    }
    this.#answers.push(answer);
  }

  fail(error: BusError): void {
    clearTimeout(this.#timer);
    this.#reject(error);
  }

  #timeout(): void {
    this.fail(new BusError('timeout', `${this.#subject}: no answer for ${this.#limits.timeoutMillis} ms`));
  }
}

/** What `collect` fails with when nobody subscribes to its subject. */
export function noResponder(subject: string): BusError {
  return new BusError('no-responder', `${subject}: nobody answers`);
}
