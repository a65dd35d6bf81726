import type { Bus, Subscription } from '@weir/bus';
import { decodeSources } from '@weir/wire';
import type { Subjects } from '@weir/wire';
import { ingestsMax, sourcesForgetMillis } from './limits.ts';

/** What one ingest last told. */
interface Account {
  readonly sources: readonly string[];
  readonly heardMillis: number;
}

/** The sources of patterns that ingests have, by their own word, forgotten when they fall silent while the bus is there. */
export class KnownSources {
  readonly #bus: Bus;
  readonly #subscription: Subscription;
  readonly #onChange: () => void;
  readonly #accounts = new Map<string, Account>();
  /** Names, such as `live/anna`. */
  #names: ReadonlySet<string> = new Set();

  /** @param onChange told when {@link names} is another set */
  constructor(bus: Bus, subjects: Subjects, onChange: () => void) {
    this.#bus = bus;
    this.#onChange = onChange;
    this.#subscription = bus.control.subscribe(subjects.anySources, (payload) => {
      const list = decodeSources(payload);
      if (list === null || (!this.#accounts.has(list.ingest) && this.#accounts.size >= ingestsMax)) return;
      this.#accounts.set(list.ingest, { sources: list.sources, heardMillis: performance.now() });
      this.#sum();
    });
  }

  get names(): ReadonlySet<string> {
    return this.#names;
  }

  /** About once a second. */
  tick(nowMillis: number): void {
    for (const [ingest, { heardMillis }] of this.#accounts) {
      if (this.#bus.connected && nowMillis - heardMillis > sourcesForgetMillis) this.#accounts.delete(ingest);
    }
    this.#sum();
  }

  close(): void {
    this.#subscription.unsubscribe();
  }

  #sum(): void {
    const names = new Set([...this.#accounts.values()].flatMap(({ sources }) => sources));
    if (names.size === this.#names.size && [...names].every((name) => this.#names.has(name))) return;
    this.#names = names;
    this.#onChange();
  }
}
