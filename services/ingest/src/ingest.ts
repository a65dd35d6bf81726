import type { Bucket, Subscription } from '@weir/bus';
import type { Configuration } from '@weir/config';
import type { IngestStatus } from '@weir/telemetry';
import { decodeDemand, Subjects } from '@weir/wire';
import type { Demand } from '@weir/wire';
import { Epochs } from './epochs.ts';
import { FeedTree } from './feed-tree.ts';
import { addIngestMetrics } from './ingest-metrics.ts';
import type { IngestOptions } from './ingest-options.ts';
import { leaseBucket } from './lease.ts';
import { headStartMillis, statusMillis } from './limits.ts';
import { planTrees } from './tree-plan.ts';

/** The ingest service: runs feeds and encoders that edges ask for, each on one ingest of the fleet at a time. */
export class Ingest {
  readonly #options: IngestOptions;
  readonly #since: string = new Date().toISOString();
  readonly #leases: Bucket;
  readonly #epochs: Epochs;
  readonly #subscriptions: readonly Subscription[];
  readonly #timer: NodeJS.Timeout;
  /** By the name of the feed at its root. */
  #trees = new Map<string, FeedTree>();
  #closed = false;

  private constructor(options: IngestOptions, leases: Bucket, epochs: Bucket) {
    this.#options = options;
    this.#leases = leases;
    this.#epochs = new Epochs(epochs);
    const { bus, subjects } = options;
    this.#subscriptions = [
      bus.control.subscribe(subjects.anyDemand, (payload, subject) => {
        const stream = Subjects.nameIn(subject);
        const demand = decodeDemand(payload);
        if (stream !== null && demand !== null) this.#hear(stream, demand);
      }),
      bus.control.subscribe(subjects.anyFree, (_, subject) => this.#trees.get(Subjects.nameIn(subject) ?? '')?.refresh()),
      bus.onConnection((connected) => {
        if (connected) for (const tree of this.#trees.values()) tree.refresh();
      }),
    ];
    addIngestMetrics(options.metrics, () => this.status());
    this.#timer = setInterval(() => this.#tick(), statusMillis);
  }

  static async start(options: IngestOptions): Promise<Ingest> {
    const leases = await options.bus.bucket(options.subjects.bucket('leases'), leaseBucket);
    const epochs = await options.bus.bucket(options.subjects.bucket('epochs'), { ttlMillis: 0 });
    return new Ingest(options, leases, epochs);
  }

  /** Makes the configuration true: what did not change is not touched. */
  apply(configuration: Configuration): void {
    const plan = planTrees(configuration);
    const before = this.#trees;
    this.#trees = new Map();
    for (const [root, part] of plan) {
      const old = before.get(root);
      before.delete(root);
      if (old?.sameAs(part) === true) {
        this.#trees.set(root, old);
        continue;
      }
      const gone = old?.close() ?? Promise.resolve();
      const tree = new FeedTree(part, this.#leases, this.#epochs, { ...this.#options, headStartMillis: () => this.#headStartMillis() });
      this.#trees.set(root, tree);
      void gone.then(() => tree.open());
    }
    for (const old of before.values()) void old.close();
  }

  status(): IngestStatus {
    const { instance, version } = this.#options;
    const producers = [...this.#trees.values()].flatMap((tree) => tree.status());
    return { role: 'ingest', instance, version, since: this.#since, pid: process.pid, producers };
  }

  /** Why it cannot run what it may be asked to; null when it can. */
  get notReady(): string | null {
    if (this.#closed) return 'stopping';
    return this.#options.bus.connected ? null : 'not connected to NATS';
  }

  /** Ends every process and hands over what it owned. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#timer);
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    await Promise.all([...this.#trees.values()].map((tree) => tree.close()));
  }

  /** The more it runs already, the later it asks for more: of several ingests the idle one is first. */
  #headStartMillis(): number {
    const owned = [...this.#trees.values()].filter((tree) => tree.owned).length;
    return Math.min(owned * headStartMillis.each, headStartMillis.most);
  }

  #hear(stream: string, demand: Demand): void {
    for (const tree of this.#trees.values()) if (tree.serves(stream)) tree.hear(stream, demand);
  }

  #tick(): void {
    if (this.#closed) return;
    for (const tree of this.#trees.values()) tree.tick();
    const { bus, subjects, instance } = this.#options;
    bus.control.publish(subjects.status('ingest', instance), Buffer.from(JSON.stringify(this.status())));
  }
}
