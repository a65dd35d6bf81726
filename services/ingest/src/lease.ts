import type { Bucket, BucketOptions } from '@weir/bus';
import type { Logger } from '@weir/telemetry';
import { encodeToken } from '@weir/wire';
import { leaseMillis, leaseRenewMillis, leaseRetryMillis } from './limits.ts';

/**
 * The right to run one feed, held by one ingest at a time: a key that is created, renewed and deleted with compare-and-set and
 * vanishes when its holder does.
 *
 * - `free`: not held here
 * - `taking`: asked for
 * - `held`: renewed in time; the bus may be away meanwhile, nobody else can take it without the bus either
 */
export class Lease {
  readonly #bucket: Bucket;
  readonly #key: string;
  readonly #holder: Uint8Array;
  readonly #logger: Logger;
  readonly #onLost: () => void;
  #state: { is: 'free'; triedMillis: number } | { is: 'taking' } | { is: 'held'; revision: number } = { is: 'free', triedMillis: -Infinity };
  #timer: NodeJS.Timeout | null = null;

  /** @param onLost called when another ingest has taken it over: stop at once */
  constructor(bucket: Bucket, feed: string, instance: string, logger: Logger, onLost: () => void) {
    this.#bucket = bucket;
    this.#key = encodeToken(feed);
    this.#holder = Buffer.from(instance);
    this.#logger = logger;
    this.#onLost = onLost;
  }

  get held(): boolean {
    return this.#state.is === 'held';
  }

  /** True when the lease is held after this; false when another ingest holds it, or it was asked for a moment ago. */
  async take(): Promise<boolean> {
    if (this.#state.is === 'held') return true;
    if (this.#state.is === 'taking' || performance.now() - this.#state.triedMillis < leaseRetryMillis) return false;
    this.#state = { is: 'taking' };
    const revision = await this.#bucket.create(this.#key, this.#holder).catch((error: unknown) => {
      this.#logger.debug('cannot ask for the lease', { reason: String(error) });
      return null;
    });
    if (revision === null) {
      this.#state = { is: 'free', triedMillis: performance.now() };
      return false;
    }
    this.#state = { is: 'held', revision };
    this.#timer = setInterval(() => void this.#renew(), leaseRenewMillis);
    return true;
  }

  /** Lets another ingest have it at once. */
  async release(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    const state = this.#state;
    this.#state = { is: 'free', triedMillis: -Infinity };
    if (state.is === 'held') await this.#bucket.delete(this.#key, state.revision).catch(() => {});
  }

  async #renew(): Promise<void> {
    if (this.#state.is !== 'held') return;
    const before = this.#state;
    let revision: number | null;
    try {
      revision = await this.#bucket.update(this.#key, this.#holder, before.revision);
      // The bus was away for longer than the lease lives: it is ours if nobody was faster.
      revision ??= await this.#bucket.create(this.#key, this.#holder);
    } catch {
      return;
    }
    if (this.#state !== before) return;
    if (revision !== null) {
      this.#state = { is: 'held', revision };
      return;
    }
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#state = { is: 'free', triedMillis: performance.now() };
    this.#onLost();
  }
}

/** What the leases' bucket must be opened with. */
export const leaseBucket: BucketOptions = { ttlMillis: leaseMillis };
