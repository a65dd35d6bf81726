import type { Entry, OnCallbackError } from './bus.ts';

interface Watcher {
  readonly key: string;
  readonly onEntry: (entry: Entry | null) => void;
  /** The revision it was told last; null: that there is none; undefined: nothing yet. */
  told: number | null | undefined;
}

/** Who watches the keys of a heard bucket; what one was told is not told to it twice. */
export class HeardWatchers {
  readonly #watchers = new Set<Watcher>();
  readonly #onCallbackError: OnCallbackError;

  constructor(onCallbackError: OnCallbackError) {
    this.#onCallbackError = onCallbackError;
  }

  add(key: string, onEntry: (entry: Entry | null) => void): Watcher {
    const watcher: Watcher = { key, onEntry, told: undefined };
    this.#watchers.add(watcher);
    return watcher;
  }

  remove(watcher: Watcher): void {
    this.#watchers.delete(watcher);
  }

  clear(): void {
    this.#watchers.clear();
  }

  /** Tells what there is, unless a change was faster. */
  tellFirst(watcher: Watcher, entry: Entry | null): void {
    if (watcher.told === undefined && this.#watchers.has(watcher)) this.#tell(watcher, entry);
  }

  tell(key: string, entry: Entry | null): void {
    for (const watcher of this.#watchers) if (watcher.key === key) this.#tell(watcher, entry);
  }

  #tell(watcher: Watcher, entry: Entry | null): void {
    const revision = entry?.revision ?? null;
    if (revision === watcher.told) return;
    watcher.told = revision;
    try {
      watcher.onEntry(entry);
    } catch (error) {
      this.#onCallbackError(error, watcher.key);
    }
  }
}
