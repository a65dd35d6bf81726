import type { Bucket, Bus, Subscription } from '@weir/bus';
import { decodeStopped, encodeStopped, stoppedBucket, stoppedKey } from '@weir/wire';
import type { ProducerName, StoppedProducer, Subjects } from '@weir/wire';
import { stoppedAttemptsMax, stoppedMax } from '../limits.ts';

/**
 * What administrators have stopped. It stands in a bucket, so that an ingest that takes a feed over, or is started again, keeps
 * to it; the bucket of a single process ends with it.
 */
export class StoppedProducers {
  readonly #bucket: Bucket;
  readonly #watch: Subscription;
  #all: readonly StoppedProducer[] = [];

  private constructor(bucket: Bucket) {
    this.#bucket = bucket;
    this.#watch = bucket.watch(stoppedKey, (entry) => {
      if (entry !== null) this.#all = decodeStopped(entry.value);
    });
  }

  static async open(bus: Bus, subjects: Subjects): Promise<StoppedProducers> {
    return new StoppedProducers(await bus.bucket(subjects.bucket(stoppedBucket), { ttlMillis: 0 }));
  }

  get all(): readonly StoppedProducer[] {
    return this.#all;
  }

  has(producer: ProducerName): boolean {
    return this.#all.some((each) => isSame(each, producer));
  }

  /**
   * Stops it, if it is not.
   *
   * @throws RangeError when too many are stopped; BusError and others when the bucket cannot be reached
   */
  async stop(producer: ProducerName): Promise<void> {
    await this.#change((all) => {
      if (all.some((each) => isSame(each, producer))) return all;
      if (all.length >= stoppedMax) throw new RangeError(`${stoppedMax} feeds and encoders are stopped already: take those that stay so out of the configuration.`);
      return [...all, { kind: producer.kind, name: producer.name, since: new Date().toISOString() }];
    });
  }

  /** Lets it start again. @throws as {@link stop} does */
  async start(producer: ProducerName): Promise<void> {
    await this.#change((all) => all.filter((each) => !isSame(each, producer)));
  }

  close(): void {
    this.#watch.unsubscribe();
  }

  /** Another administrator may be faster: then it is done again on what that one has left. */
  async #change(change: (all: readonly StoppedProducer[]) => readonly StoppedProducer[]): Promise<void> {
    for (let attempt = 1; attempt <= stoppedAttemptsMax; attempt++) {
      const entry = await this.#bucket.get(stoppedKey);
      const changed = change(entry === null ? this.#all : decodeStopped(entry.value));
      const value = encodeStopped(changed);
      const revision = entry === null ? await this.#bucket.create(stoppedKey, value) : await this.#bucket.update(stoppedKey, value, entry.revision);
      if (revision === null) continue;
      this.#all = changed;
      return;
    }
    throw new RangeError('Others change what is stopped all the time: try again.');
  }
}

function isSame(a: ProducerName, b: ProducerName): boolean {
  return a.kind === b.kind && a.name === b.name;
}
