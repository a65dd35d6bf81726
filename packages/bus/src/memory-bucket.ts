import type { Bucket, BucketOptions, Entry, OnCallbackError, Subscription } from './bus.ts';

interface Watcher {
  readonly key: string;
  readonly onEntry: (entry: Entry | null) => void;
}

interface Held extends Entry {
  readonly expires: number;
}

/** A bucket in this process's memory. Watchers are told after the call that changed the value has returned. */
export class MemoryBucket implements Bucket {
  readonly #ttlMillis: number;
  readonly #onCallbackError: OnCallbackError;
  readonly #entries = new Map<string, Held>();
  readonly #watchers = new Set<Watcher>();
  #revision = 0;

  constructor(options: BucketOptions, onCallbackError: OnCallbackError) {
    this.#ttlMillis = options.ttlMillis;
    this.#onCallbackError = onCallbackError;
  }

  get(key: string): Promise<Entry | null> {
    return Promise.resolve(this.#live(key));
  }

  put(key: string, value: Uint8Array): Promise<number> {
    return Promise.resolve(this.#write(key, value));
  }

  create(key: string, value: Uint8Array): Promise<number | null> {
    return Promise.resolve(this.#live(key) === null ? this.#write(key, value) : null);
  }

  update(key: string, value: Uint8Array, revision: number): Promise<number | null> {
    return Promise.resolve((this.#live(key)?.revision ?? 0) === revision ? this.#write(key, value) : null);
  }

  delete(key: string, revision?: number): Promise<void> {
    const entry = this.#live(key);
    if (entry !== null && (revision === undefined || entry.revision === revision)) {
      this.#entries.delete(key);
      this.#revision++;
      this.#tell(key, null);
    }
    return Promise.resolve();
  }

  watch(key: string, onEntry: (entry: Entry | null) => void): Subscription {
    const watcher = { key, onEntry };
    this.#watchers.add(watcher);
    this.#tellLater(watcher, this.#live(key));
    return { unsubscribe: () => void this.#watchers.delete(watcher) };
  }

  #live(key: string): Entry | null {
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    if (entry.expires > performance.now()) return entry;
    this.#entries.delete(key);
    return null;
  }

  #write(key: string, value: Uint8Array): number {
    const expires = this.#ttlMillis > 0 ? performance.now() + this.#ttlMillis : Infinity;
    const entry = { key, value, revision: ++this.#revision, expires };
    this.#entries.set(key, entry);
    this.#tell(key, entry);
    return entry.revision;
  }

  #tell(key: string, entry: Entry | null): void {
    for (const watcher of this.#watchers) {
      if (watcher.key === key) this.#tellLater(watcher, entry);
    }
  }

  #tellLater(watcher: Watcher, entry: Entry | null): void {
    queueMicrotask(() => {
      if (!this.#watchers.has(watcher)) return;
      try {
        watcher.onEntry(entry);
      } catch (error) {
        this.#onCallbackError(error, watcher.key);
      }
    });
  }
}
