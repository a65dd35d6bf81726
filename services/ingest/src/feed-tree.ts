import { isDeepStrictEqual } from 'node:util';
import type { Bucket } from '@weir/bus';
import type { Configuration, FeedConfiguration, StreamConfiguration } from '@weir/config';
import type { ProducerStatus } from '@weir/telemetry';
import type { Demand } from '@weir/wire';
import { commandSource } from './command-source.ts';
import { DemandTable } from './demand-table.ts';
import type { Epochs } from './epochs.ts';
import { fileSource } from './file-source.ts';
import type { IngestOptions } from './ingest-options.ts';
import { Lease } from './lease.ts';
import { Producer } from './producer.ts';
import { Publication } from './publication.ts';
import type { OpenSource } from './source.ts';
import { stdinSource } from './stdin-source.ts';

/** What runs on one ingest together: a feed that reads no other, and all feeds, encoders and streams that come from it. */
export interface TreePlan {
  readonly root: string;
  /** Parents before children. */
  readonly feeds: readonly FeedConfiguration[];
  readonly streams: readonly StreamConfiguration[];
}

/** One feed with everything that comes from it, owned as a whole by a lease. */
export class FeedTree {
  readonly #plan: TreePlan;
  readonly #options: IngestOptions;
  readonly #lease: Lease;
  readonly #feeds = new Map<string, Producer>();
  readonly #streams = new Map<string, Producer>();
  /** By stream; heard whether the tree is owned here or not, so that whoever takes it over knows at once. */
  readonly #demands = new Map<string, DemandTable>();
  #publications: readonly Publication[] | null = null;
  #open = false;

  constructor(plan: TreePlan, leases: Bucket, epochs: Epochs, options: IngestOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#lease = new Lease(leases, plan.root, options.instance, options.logger.child(`feed ${plan.root}`), () => this.#lost());
    const around = { owner: options.instance, epochs, logger: options.logger, onEnded: (name: string) => options.onEnded?.(name) };
    for (const feed of plan.feeds) {
      const { name, active, restart, stallMillis, onEnd, format, blockBytes, program } = feed;
      const parent = this.#parentOf(feed);
      const open = openFeed(feed, parent, options);
      this.#feeds.set(name, new Producer({ name, kind: 'feed', active, restart, stallMillis, onEnd, format, blockBytes, program, parent, open }, around));
    }
    for (const stream of plan.streams) {
      const feed = this.#feeds.get(stream.feed);
      if (feed === undefined) throw new TypeError(`stream ${stream.name}: its feed is not in the plan`);
      this.#demands.set(stream.name, new DemandTable());
      this.#streams.set(stream.name, stream.encode === null ? feed : new Producer(encoderOptions(stream, feed, options), around));
    }
  }

  /** The trees of a configuration, by their roots. */
  static plan(configuration: Configuration): Map<string, TreePlan> {
    const plan = new Map<string, { root: string; feeds: FeedConfiguration[]; streams: StreamConfiguration[] }>();
    const rootOf = (name: string): string => {
      const parent = parentName(configuration.feeds[name]);
      return parent === null ? name : rootOf(parent);
    };
    const depthOf = (feed: FeedConfiguration): number => {
      const parent = parentName(feed);
      const above = parent === null ? undefined : configuration.feeds[parent];
      return above === undefined ? 0 : 1 + depthOf(above);
    };
    for (const feed of Object.values(configuration.feeds).sort((a, b) => depthOf(a) - depthOf(b))) {
      const root = rootOf(feed.name);
      const part = plan.get(root) ?? { root, feeds: [], streams: [] };
      part.feeds.push(feed);
      plan.set(root, part);
    }
    for (const stream of Object.values(configuration.streams)) plan.get(rootOf(stream.feed))?.streams.push(stream);
    return plan;
  }

  sameAs(plan: TreePlan): boolean {
    return isDeepStrictEqual(plan, this.#plan);
  }

  serves(stream: string): boolean {
    return this.#streams.has(stream);
  }

  /** Starts what is to run without being asked. */
  open(): void {
    this.#open = true;
    this.#settle();
  }

  /** An edge has listeners for one of the streams, or has them no more. */
  hear(stream: string, { edge, listeners }: Demand): void {
    this.#demands.get(stream)?.hear(edge, listeners, performance.now());
    this.#settle();
  }

  /** Each second: edges that fell silent are forgotten, and a tree that nobody needs is free for any ingest. */
  tick(): void {
    for (const demand of this.#demands.values()) demand.expire(performance.now());
    this.#settle();
    if (this.#open && this.#lease.held && !this.#needed && this.#idle) void this.#disown();
  }

  status(): ProducerStatus[] {
    if (!this.#lease.held) return [];
    return [...new Set([...this.#feeds.values(), ...this.#streams.values()])].map((producer) => producer.status());
  }

  async close(): Promise<void> {
    this.#open = false;
    for (const publication of this.#publications ?? []) publication.close();
    this.#publications = null;
    await Promise.all([...this.#producers].map((producer) => producer.close()));
    await this.#lease.release();
  }

  get #producers(): Set<Producer> {
    return new Set([...this.#streams.values(), ...this.#feeds.values()]);
  }

  get #continuous(): readonly Producer[] {
    return this.#plan.feeds.flatMap((feed) => (feed.active.mode === 'continuous' ? (this.#feeds.get(feed.name) ?? []) : []));
  }

  get #needed(): boolean {
    return this.#continuous.length > 0 || [...this.#demands.values()].some((demand) => demand.wanted);
  }

  get #idle(): boolean {
    return [...this.#producers].every((producer) => producer.idle);
  }

  /** Runs what is wanted, if no other ingest does. */
  #settle(): void {
    for (const publication of this.#publications ?? []) publication.settle();
    if (this.#open && this.#publications === null && this.#needed) void this.#own();
  }

  async #own(): Promise<void> {
    if (!(await this.#lease.take()) || !this.#open || this.#publications !== null) return;
    const { bus, subjects, logger } = this.#options;
    this.#publications = [...this.#streams].map(([name, producer]) => new Publication(name, producer, this.#demandFor(name), bus, subjects, logger));
    for (const producer of this.#continuous) producer.use(this);
  }

  #demandFor(stream: string): DemandTable {
    const demand = this.#demands.get(stream);
    if (demand === undefined) throw new TypeError(`stream ${stream} is not in the plan`);
    return demand;
  }

  async #disown(): Promise<void> {
    for (const publication of this.#publications ?? []) publication.close();
    this.#publications = null;
    await this.#lease.release();
  }

  /** Another ingest runs it now: nothing of it may go on here. */
  #lost(): void {
    this.#options.logger.warn('another ingest has taken over', { feed: this.#plan.root });
    for (const publication of this.#publications ?? []) publication.close();
    this.#publications = null;
    for (const producer of this.#producers) producer.halt();
  }

  #parentOf(feed: FeedConfiguration): Producer | null {
    const name = parentName(feed);
    return name === null ? null : (this.#feeds.get(name) ?? null);
  }
}

function parentName(feed: FeedConfiguration | undefined): string | null {
  return feed?.source.kind === 'command' ? feed.source.feed : null;
}

function openFeed(feed: FeedConfiguration, parent: Producer | null, options: IngestOptions): OpenSource {
  switch (feed.source.kind) {
    case 'command':
      return commandSource(feed.source.command.argv, parent, options.logger.child(`feed ${feed.name}`));
    case 'file':
      return fileSource(feed.source.path);
    case 'stdin':
      return stdinSource();
  }
}

function encoderOptions(stream: StreamConfiguration, feed: Producer, options: IngestOptions): ConstructorParameters<typeof Producer>[0] {
  const { name, encode, stallMillis, format, blockBytes } = stream;
  const open = commandSource(encode?.argv ?? [], feed, options.logger.child(`encoder ${name}`));
  const active = { mode: 'on-demand', lingerMillis: 0 } as const;
  return { name, kind: 'encoder', active, restart: true, stallMillis, onEnd: 'restart', format, blockBytes, program: null, parent: feed, open };
}
