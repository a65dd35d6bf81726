import { isDeepStrictEqual } from 'node:util';
import type { Bucket } from '@weir/bus';
import type { GroupFeed, GroupStream } from '@weir/config';
import type { ProducerStatus } from '@weir/telemetry';
import type { Demand } from '@weir/wire';
import { commandSource } from './command-source.ts';
import { DemandTable } from './demand-table.ts';
import type { Epochs } from './epochs.ts';
import { FallbackSwitch } from './fallback-switch.ts';
import { fileSource } from './file-source.ts';
import type { TreeOptions } from './ingest-options.ts';
import type { FrameSource } from './frame-source.ts';
import { Lease } from './lease.ts';
import { Producer } from './producer.ts';
import type { ProducerOptions } from './producer.ts';
import { Publication } from './publication.ts';
import type { OpenSource } from './source.ts';
import { stdinSource } from './stdin-source.ts';
import { parentNames } from './tree-plan.ts';
import type { TreePlan } from './tree-plan.ts';

/** One feed tree, owned as a whole by a lease: what {@link TreePlan} lists. */
export class FeedTree {
  readonly #plan: TreePlan;
  readonly #options: TreeOptions;
  readonly #lease: Lease;
  readonly #feeds = new Map<string, Producer>();
  /** What each stream publishes. */
  readonly #streams = new Map<string, FrameSource>();
  readonly #encoders: Producer[] = [];
  /** By the names of their sources. */
  readonly #switches = new Map<string, FallbackSwitch>();
  /** By stream; heard whether the tree is owned here or not, so that whoever takes it over knows at once. */
  readonly #demands = new Map<string, DemandTable>();
  #publications: readonly Publication[] | null = null;
  #open = false;
  /** Until the lease is asked for. */
  #asking: NodeJS.Timeout | null = null;

  constructor(plan: TreePlan, leases: Bucket, epochs: Epochs, options: TreeOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#lease = new Lease({
      bucket: leases,
      feed: plan.root,
      instance: options.instance,
      logger: options.logger.child(`feed ${plan.root}`),
      busy: () => false,
      onLost: () => this.#lost(),
    });
    const around = { owner: options.instance, epochs, logger: options.logger, onEnded: (name: string) => options.onEnded?.(name) };
    for (const feed of plan.feeds) this.#feeds.set(feed.name, new Producer(feedOptions(feed, this.#sources(parentNames(feed)), options), around));
    for (const stream of plan.streams) {
      this.#demands.set(stream.name, new DemandTable());
      const [first, ...others] = [this.#withFallback(stream, epochs), ...this.#sources(stream.otherFeeds)];
      if (first === undefined) throw new TypeError(`stream ${stream.name}: its feed is not in the plan`);
      if (stream.encode === null) {
        this.#streams.set(stream.name, first);
        continue;
      }
      const encoder = new Producer(encoderOptions(stream, [first, ...others], options), around);
      this.#encoders.push(encoder);
      this.#streams.set(stream.name, encoder);
    }
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

  /** The lease may be had, or the bus is back. */
  refresh(): void {
    this.#lease.refresh();
    this.#settle();
  }

  get owned(): boolean {
    return this.#lease.held;
  }

  /** Each second: edges that fell silent are forgotten, and a tree that nobody needs is free for any ingest. */
  tick(): void {
    for (const demand of this.#demands.values()) demand.expire(performance.now());
    this.#settle();
    if (this.#open && this.#lease.held && !this.#needed && this.#idle) void this.#disown();
  }

  status(): ProducerStatus[] {
    if (!this.#lease.held) return [];
    return this.#producers.map((producer) => producer.status());
  }

  async close(): Promise<void> {
    this.#open = false;
    if (this.#asking !== null) clearTimeout(this.#asking);
    for (const publication of this.#publications ?? []) publication.close();
    this.#publications = null;
    for (const each of this.#switches.values()) each.close();
    await Promise.all(this.#producers.map((producer) => producer.close()));
    await this.#giveBack();
  }

  get #producers(): readonly Producer[] {
    return [...this.#feeds.values(), ...this.#encoders];
  }

  get #continuous(): readonly Producer[] {
    return this.#plan.feeds.flatMap((feed) => (feed.active.mode === 'continuous' ? (this.#feeds.get(feed.name) ?? []) : []));
  }

  get #needed(): boolean {
    return this.#continuous.length > 0 || [...this.#demands.values()].some((demand) => demand.wanted);
  }

  get #idle(): boolean {
    return this.#producers.every((producer) => producer.idle);
  }

  /** Runs what is wanted, if no other ingest does. */
  #settle(): void {
    for (const publication of this.#publications ?? []) publication.settle();
    if (!this.#open || this.#publications !== null || !this.#needed || !this.#mayRun || this.#asking !== null) return;
    this.#asking = setTimeout(() => {
      this.#asking = null;
      if (this.#needed) void this.#own();
    }, this.#options.headStartMillis());
  }

  /** True where this ingest has the labels that its feeds are pinned to. */
  get #mayRun(): boolean {
    const { instance, labels: own } = this.#options;
    if (own === null) return true;
    const labels = [instance, ...own];
    return this.#plan.feeds.every((feed) => feed.on.every((label) => labels.includes(label)));
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
    await this.#giveBack();
  }

  async #giveBack(): Promise<void> {
    if (!this.#lease.held) return;
    await this.#lease.release();
    const { bus, subjects } = this.#options;
    bus.control.publish(subjects.free(this.#plan.root), new Uint8Array(0));
  }

  /** Another ingest runs it now: nothing of it may go on here. */
  #lost(): void {
    this.#options.logger.warn('another ingest has taken over', { feed: this.#plan.root });
    for (const publication of this.#publications ?? []) publication.close();
    this.#publications = null;
    for (const producer of this.#producers) producer.halt();
  }

  #sources(feeds: readonly string[]): readonly FrameSource[] {
    return feeds.flatMap((name) => this.#feeds.get(name) ?? []);
  }

  /** A stream's feed, or that and what takes its place; streams with the same ones share them. */
  #withFallback({ feed, fallback }: GroupStream, epochs: Epochs): FrameSource | undefined {
    if (fallback.length === 0) return this.#feeds.get(feed);
    const names = [feed, ...fallback];
    const key = names.join(' ');
    const known = this.#switches.get(key);
    if (known !== undefined) return known;
    const made = new FallbackSwitch(feed, this.#sources(names), epochs, this.#options.logger);
    this.#switches.set(key, made);
    return made;
  }
}

function feedOptions(feed: GroupFeed, parents: readonly FrameSource[], options: TreeOptions): ProducerOptions {
  const { name, active, restart, stallMillis, onEnd, format, blockBytes, program, source } = feed;
  const starts = source.kind === 'push' ? 'on-arrival' : 'when-used';
  return { name, kind: 'feed', active, restart, stallMillis, onEnd, format, blockBytes, program, parents, starts, open: openFeed(feed, parents, options) };
}

function openFeed(feed: GroupFeed, parents: readonly FrameSource[], options: TreeOptions): OpenSource {
  switch (feed.source.kind) {
    case 'command':
      return commandSource(feed.source.command.argv, parents, options.logger.child(`feed ${feed.name}`));
    case 'file':
      return fileSource(feed.source.path, feed.source.pace);
    case 'stdin':
      return stdinSource();
    case 'push':
    case 'relay':
      throw new TypeError('TEMPORARY');
  }
}

function encoderOptions(stream: GroupStream, parents: readonly FrameSource[], options: TreeOptions): ProducerOptions {
  const { name, encode, stallMillis, format, blockBytes } = stream;
  const open = commandSource(encode?.argv ?? [], parents, options.logger.child(`encoder ${name}`));
  const active = { mode: 'on-demand', lingerMillis: 0 } as const;
  return { name, kind: 'encoder', active, restart: true, stallMillis, onEnd: 'restart', format, blockBytes, program: null, parents, starts: 'when-used', open };
}
