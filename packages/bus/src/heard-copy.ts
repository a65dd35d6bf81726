import { precedes } from './heard-version.ts';
import type { HeardVersion } from './heard-version.ts';
import { heardBytesMax, heardKeysMax } from './limits.ts';

/** A version with its value. */
export interface HeardEntry extends HeardVersion {
  readonly value: Uint8Array;
  /** When its writer last told it, on this process's monotonic clock. */
  readonly toldMillis: number;
}

/**
 * What one process knows of a heard bucket. What is deleted or expired stays known, so that an old message does not bring it back,
 * until its place is needed.
 */
export class HeardCopy {
  readonly #ttlMillis: number;
  readonly #entries = new Map<string, HeardEntry>();
  #bytes = 0;

  constructor(ttlMillis: number) {
    this.#ttlMillis = ttlMillis;
  }

  /** Everything known, dead or alive. */
  get entries(): readonly HeardEntry[] {
    return [...this.#entries.values()];
  }

  /** What is known of a key, dead or alive. */
  known(key: string): HeardEntry | undefined {
    return this.#entries.get(key);
  }

  /** The entry that stands; null when there is none, it is deleted, or was not renewed in time. */
  live(key: string): HeardEntry | null {
    const entry = this.#entries.get(key);
    return entry !== undefined && this.isLive(entry) ? entry : null;
  }

  isLive(entry: HeardEntry): boolean {
    return !entry.deleted && (this.#ttlMillis === 0 || performance.now() - entry.toldMillis < this.#ttlMillis);
  }

  /**
   * Takes the entry in if it stands against what is known. One that its own writer tells always stands against a dead one: the writer
   * may have come too late to know that one's term.
   */
  accept(entry: HeardEntry, fromWriter: boolean): boolean {
    const known = this.#entries.get(entry.key);
    const revives = fromWriter && known !== undefined && !this.isLive(known) && known.writer !== entry.writer && this.isLive(entry);
    if (known !== undefined && !revives && !precedes(entry, known)) return false;
    if (!this.hasRoomFor(entry)) return false;
    this.#bytes += entry.value.length - (known?.value.length ?? 0);
    this.#entries.set(entry.key, entry);
    return true;
  }

  /** Whether the entry has room in place of what is known of its key. Forgets what is dead to make some. */
  hasRoomFor({ key, value }: Pick<HeardEntry, 'key' | 'value'>): boolean {
    if (this.#fits(key, value)) return true;
    for (const entry of this.#entries.values()) {
      if (this.isLive(entry) || entry.key === key) continue;
      this.#entries.delete(entry.key);
      this.#bytes -= entry.value.length;
    }
    return this.#fits(key, value);
  }

  #fits(key: string, value: Uint8Array): boolean {
    const known = this.#entries.get(key);
    const bytes = this.#bytes + value.length - (known?.value.length ?? 0);
    return bytes <= heardBytesMax && (known !== undefined || this.#entries.size < heardKeysMax);
  }
}
