import type { Bucket } from '@weir/bus';
import { configuredName } from '@weir/config';
import { encodeToken } from '@weir/wire';

/** Milliseconds a start waits for the bus before it numbers its epoch by itself. */
const patienceMillis = 1000;

/**
 * Numbers the runs of every source so that a later run has a higher number, whichever ingest it is on: the Unix time in
 * milliseconds, or one more than the last number in the bucket when a clock was ahead. Without the bus the clock has to do. All
 * sources of a pattern count as one, and so do all mirrored feeds, so that the bucket does not grow with their names.
 */
export class Epochs {
  readonly #bucket: Bucket;
  readonly #last = new Map<string, number>();

  constructor(bucket: Bucket) {
    this.#bucket = bucket;
  }

  async next(name: string): Promise<number> {
    const source = configuredName(name);
    const own = Math.max(Date.now(), (this.#last.get(source) ?? 0) + 1);
    this.#last.set(source, own);
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<number>((resolve) => (timer = setTimeout(() => resolve(own), patienceMillis)));
    const agreed = await Promise.race([this.#agree(source, own).catch(() => own), timeout]);
    clearTimeout(timer);
    this.#last.set(source, Math.max(agreed, this.#last.get(source) ?? 0));
    return agreed;
  }

  async #agree(source: string, own: number): Promise<number> {
    const key = encodeToken(source);
    for (;;) {
      const entry = await this.#bucket.get(key);
      const last = entry === null ? 0 : Number(Buffer.from(entry.value).toString());
      const epoch = Math.max(own, Number.isSafeInteger(last) ? last + 1 : 0);
      const value = Buffer.from(String(epoch));
      const written = entry === null ? await this.#bucket.create(key, value) : await this.#bucket.update(key, value, entry.revision);
      if (written !== null) return epoch;
    }
  }
}
