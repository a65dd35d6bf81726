import type { Bucket, Entry } from '@weir/bus';
import type { Logger } from '@weir/telemetry';
import { encodeToken } from '@weir/wire';
import { leaseRenewMillis, leaseRenewSoonMillis, leaseRetryMillis, leaseYieldMillis } from './limits.ts';

export interface LeaseOptions {
  readonly bucket: Bucket;
  readonly feed: string;
  readonly instance: string;
  readonly logger: Logger;
  /** True while it must not be claimed from here: a source is connected. */
  readonly busy: () => boolean;
  /** Another ingest has taken it over: stop at once. */
  readonly onLost: () => void;
}

/** What stands under a lease's key, as JSON. */
interface Holder {
  readonly instance: string;
  readonly busy: boolean;
}

type LeaseState =
  | { readonly is: 'free'; readonly askMillis: number }
  | { readonly is: 'taking' }
  | { readonly is: 'held'; readonly revision: number };

/**
 * The right to run one feed tree, held by one ingest at a time: a key that is created, renewed and deleted with compare-and-set
 * and vanishes when its holder does.
 *
 * - `free`: not held here; to be asked for from `askMillis` on
 * - `taking`: asked for
 * - `held`: renewed in time; the bus may be away meanwhile, nobody else can take it without the bus either
 */
export class Lease {
  readonly #options: LeaseOptions;
  readonly #key: string;
  #state: LeaseState = { is: 'free', askMillis: -Infinity };
  #timer: NodeJS.Timeout | null = null;
  /** Until the next attempt after a renewal that nobody answered. */
  #soon: NodeJS.Timeout | null = null;
  /** What the newest renewal wrote: its revision, null when another holds the lease. It may still be on its way. */
  #renewal: Promise<number | null> | null = null;
  /** What was asked for last, until it is answered. */
  #attempt: Promise<boolean> = Promise.resolve(false);

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#key = encodeToken(options.feed);
  }

  get held(): boolean {
    return this.#state.is === 'held';
  }

  /** True when the lease is held after this; false when another ingest holds it, or it was asked for a moment ago. */
  async take(): Promise<boolean> {
    if (this.#state.is === 'held') return true;
    if (this.#state.is === 'taking' || performance.now() < this.#state.askMillis) return false;
    return this.#acquire(() => this.#options.bucket.create(this.#key, this.#value()));
  }

  /**
   * Takes it from whoever holds it, because a source has come here; false when a source is connected to the holder, or the
   * bus does not answer.
   */
  async claim(): Promise<boolean> {
    // Another may have claimed it a moment ago.
    await this.renew();
    if (this.held) return true;
    if (this.#state.is !== 'free') return false;
    return this.#acquire(async () => {
      const { bucket } = this.#options;
      const entry = await bucket.get(this.#key);
      if (entry === null) return bucket.create(this.#key, this.#value());
      return holderOf(entry)?.busy === true ? null : bucket.update(this.#key, this.#value(), entry.revision);
    });
  }

  /** Its holder has let it go: what was true a moment ago no longer counts. */
  refresh(): void {
    if (this.#state.is === 'free') this.#state = { is: 'free', askMillis: -Infinity };
  }

  /** The bus is back after a while in which it may have run out: whoever holds it comes first. */
  reunite(): void {
    if (this.#state.is === 'free') this.#state = { is: 'free', askMillis: performance.now() + leaseYieldMillis };
    else if (this.#state.is === 'held') void this.renew();
  }

  /** Lets another ingest have it at once, also where it was asked for and comes only now. Gives whether it was held. */
  async release(): Promise<boolean> {
    if (this.#state.is === 'taking') await this.#attempt;
    this.#stopRenewing();
    const state = this.#state;
    this.#state = { is: 'free', askMillis: -Infinity };
    if (state.is !== 'held') return false;
    try {
      // A renewal that is on its way is there first, and changes what there is to delete.
      const revision = (await this.#renewal) ?? state.revision;
      await this.#options.bucket.delete(this.#key, revision);
    } catch {
      // The bus does not answer: it runs out.
    }
    return true;
  }

  /** Each while, and whenever what it says of its holder has changed. */
  async renew(): Promise<void> {
    if (this.#state.is !== 'held') return;
    const before = this.#state;
    const renewal = this.#write(before.revision);
    this.#renewal = renewal;
    let revision: number | null;
    try {
      revision = await renewal;
    } catch {
      this.#renewSoon();
      return;
    }
    if (this.#state !== before) return;
    if (revision !== null) {
      this.#state = { is: 'held', revision };
      return;
    }
    this.#stopRenewing();
    this.#state = askIn(leaseRetryMillis);
    this.#options.onLost();
  }

  /** The new revision; null when another holds the lease. */
  async #write(revision: number): Promise<number | null> {
    const { bucket } = this.#options;
    // The bus was away for longer than the lease lives: it is ours if nobody was faster.
    const written = (await bucket.update(this.#key, this.#value(), revision)) ?? (await bucket.create(this.#key, this.#value()));
    if (written !== null) return written;
    // The answer to an earlier renewal may have been lost with the connection.
    const entry = await bucket.get(this.#key);
    return entry !== null && entry.revision > revision && holderOf(entry)?.instance === this.#options.instance ? entry.revision : null;
  }

  /** It runs out while the bus does not answer, and then is for the first who asks. */
  #renewSoon(): void {
    if (this.#state.is !== 'held' || this.#soon !== null) return;
    this.#soon = setTimeout(() => {
      this.#soon = null;
      void this.renew();
    }, leaseRenewSoonMillis);
  }

  #acquire(attempt: () => Promise<number | null>): Promise<boolean> {
    this.#state = { is: 'taking' };
    this.#attempt = this.#ask(attempt);
    return this.#attempt;
  }

  async #ask(attempt: () => Promise<number | null>): Promise<boolean> {
    let revision: number | null;
    try {
      revision = await attempt();
    } catch (error) {
      this.#options.logger.debug('cannot ask for the lease', { reason: String(error) });
      this.#state = askIn(leaseYieldMillis);
      return false;
    }
    if (revision === null) {
      this.#state = askIn(leaseRetryMillis);
      return false;
    }
    this.#state = { is: 'held', revision };
    this.#renewal = null;
    this.#timer = setInterval(() => void this.renew(), leaseRenewMillis);
    return true;
  }

  #stopRenewing(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    if (this.#soon !== null) clearTimeout(this.#soon);
    [this.#timer, this.#soon] = [null, null];
  }

  #value(): Uint8Array {
    const holder: Holder = { instance: this.#options.instance, busy: this.#options.busy() };
    return Buffer.from(JSON.stringify(holder));
  }
}

function askIn(millis: number): LeaseState {
  return { is: 'free', askMillis: performance.now() + millis };
}

/** Null for what is no account of a holder: whoever wrote that will have to renew it. */
function holderOf(entry: Entry): Holder | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(entry.value).toString());
    if (typeof value !== 'object' || value === null || !('instance' in value) || !('busy' in value)) return null;
    return { instance: String(value.instance), busy: value.busy === true };
  } catch {
    return null;
  }
}
