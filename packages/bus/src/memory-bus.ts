import type { Bucket, BucketOptions, Bus, Channel, CollectLimits, OnCallbackError, OnMessage, Subscription } from './bus.ts';
import { BusError } from './bus-error.ts';
import { Collector, noResponder } from './collector.ts';
import { MemoryBucket } from './memory-bucket.ts';
import { SubjectTree } from './subject-tree.ts';

/** The bus of a single process: the same contract as NATS, delivered by plain calls. */
export class MemoryBus implements Bus {
  readonly frames: Channel;
  readonly control: Channel;
  readonly connected = true;
  readonly description = 'in-process';
  readonly #buckets = new Map<string, MemoryBucket>();
  readonly #onCallbackError: OnCallbackError;

  constructor(onCallbackError: OnCallbackError) {
    this.#onCallbackError = onCallbackError;
    this.frames = new MemoryChannel(onCallbackError);
    this.control = new MemoryChannel(onCallbackError);
  }

  bucket(name: string, options: BucketOptions): Promise<Bucket> {
    const bucket = this.#buckets.get(name) ?? new MemoryBucket(options, this.#onCallbackError);
    this.#buckets.set(name, bucket);
    return Promise.resolve(bucket);
  }

  prepare(): Promise<void> {
    return Promise.resolve();
  }

  onConnection(): Subscription {
    return { unsubscribe: () => {} };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class MemoryChannel implements Channel {
  readonly lagMillis = 0;
  readonly traffic = null;
  readonly #subscribers = new SubjectTree<OnMessage>();
  readonly #onCallbackError: OnCallbackError;
  #inboxes = 0;

  constructor(onCallbackError: OnCallbackError) {
    this.#onCallbackError = onCallbackError;
  }

  publish(subject: string, payload: Uint8Array): boolean {
    this.#deliver(subject, payload, null);
    return true;
  }

  subscribe(subject: string, onMessage: OnMessage): Subscription {
    // Its own function, so that one callback may subscribe twice.
    const subscriber: OnMessage = (payload, on, reply) => onMessage(payload, on, reply);
    this.#subscribers.add(subject, subscriber);
    return { unsubscribe: () => this.#subscribers.remove(subject, subscriber) };
  }

  async collect(subject: string, payload: Uint8Array, limits: CollectLimits): Promise<Uint8Array[]> {
    const reply = `_INBOX.${this.#inboxes++}`;
    const collector = new Collector(subject, limits);
    const inbox = this.subscribe(reply, (answer) => collector.take(answer));
    if (this.#deliver(subject, payload, reply) === 0) collector.fail(noResponder(subject));
    return collector.done.finally(() => inbox.unsubscribe());
  }

  #deliver(subject: string, payload: Uint8Array, reply: string | null): number {
    if (subject.length === 0) throw new BusError('disconnected', 'a message needs a subject');
    return this.#subscribers.visit(subject, (onMessage) => {
      try {
        onMessage(payload, subject, reply);
      } catch (error) {
        this.#onCallbackError(error, subject);
      }
    });
  }
}
