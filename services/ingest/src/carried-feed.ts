import type { Bus } from '@weir/bus';
import { carriedStream } from '@weir/config';
import { FrameRing } from '@weir/ring';
import { StreamSubscription } from '@weir/subscriber';
import type { Demands } from '@weir/subscriber';
import type { Logger } from '@weir/telemetry';
import type { Subjects } from '@weir/wire';
import type { FrameSource } from './frame-source.ts';
import { historyMillis } from './limits.ts';
import type { ProducerState } from './producer-state.ts';

/** What a carried feed is made with. */
export interface CarriedFeedOptions {
  readonly instance: string;
  readonly bus: Bus;
  readonly subjects: Subjects;
  readonly demands: Demands;
  readonly logger: Logger;
}

const moods = { waiting: 'waking', live: 'happy', silent: 'hungry', ended: 'ended' } as const;

/** A feed that runs on any ingest of the fleet and comes over the bus, for an encoder here; while somebody uses it. */
export class CarriedFeed implements FrameSource {
  readonly name: string;
  readonly ring: FrameRing = new FrameRing({ historyMillis });
  readonly #options: CarriedFeedOptions;
  readonly #users = new Set<object>();
  readonly #readers = new Set<() => void>();
  #subscription: StreamSubscription | null = null;

  constructor(name: string, options: CarriedFeedOptions) {
    this.name = name;
    this.#options = options;
  }

  get mood(): ProducerState['mood'] {
    return this.#subscription === null ? 'sleeping' : moods[this.#subscription.state(performance.now())];
  }

  use(user: object): void {
    this.#users.add(user);
    if (this.#subscription !== null) return;
    const { logger, ...around } = this.#options;
    this.#subscription = new StreamSubscription({
      ...around,
      stream: carriedStream(this.name),
      logger: logger.child(`feed ${this.name}`),
      ring: this.ring,
      behindMillis: 0,
      onFrames: () => {
        for (const onFrames of this.#readers) onFrames();
      },
    });
    this.#subscription.demand(1);
  }

  release(user: object): void {
    if (!this.#users.delete(user) || this.#users.size > 0) return;
    this.#subscription?.close();
    this.#subscription = null;
    this.ring.clear();
  }

  subscribe(onFrames: () => void): () => void {
    this.#readers.add(onFrames);
    return () => this.#readers.delete(onFrames);
  }
}
