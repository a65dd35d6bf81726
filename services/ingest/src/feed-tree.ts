import { isDeepStrictEqual } from 'node:util';
import type { Bucket } from '@weir/bus';
import type { GroupFeed, GroupStream } from '@weir/config';
import type { ProducerStatus } from '@weir/telemetry';
import { commandSource } from './command-source.ts';
import type { DemandTable } from './demand-table.ts';
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
import { PushPoint } from './push/push-point.ts';
import { relaySource } from './relay/relay-source.ts';
import { parentNames } from './tree-plan.ts';
import type { TreePlan } from './tree-plan.ts';

/** Of a feed that is pushed. */
type PushSource = Extract<GroupFeed['source'], { kind: 'push' }>;

/** One feed tree, owned as a whole by a lease: what {@link TreePlan} lists. */
export class FeedTree {
  readonly #plan: TreePlan;
  readonly #options: TreeOptions;
  readonly #lease: Lease;
  readonly #feeds = new Map<string, Producer>();
  /** Where its pushed feeds are pushed to. */
  readonly points: readonly PushPoint[];
  /** What each stream publishes. */
  readonly #streams = new Map<string, FrameSource>();
  readonly #encoders: Producer[] = [];
  /** By the names of their sources. */
  readonly #switches = new Map<string, FallbackSwitch>();
  /** By stream. */
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
      busy: () => this.points.some((point) => point.occupied),
      onLost: () => this.#lost(),
    });
    const around = { owner: options.instance, epochs, logger: options.logger, onEnded: (name: string) => options.onEnded?.(name) };
    const points: PushPoint[] = [];
    for (const feed of plan.feeds) {
      const point = feed.source.kind === 'push' ? this.#pointOf(feed, feed.source) : null;
      if (point !== null) points.push(point);
      const open = point?.open ?? openFeed(feed, this.#sources(parentNames(feed)), options);
      this.#feeds.set(feed.name, new Producer({ ...feedOptions(feed, this.#sources(parentNames(feed))), open }, around));
    }
    this.points = points;
    for (const stream of plan.streams) {
      this.#demands.set(stream.name, options.demandFor(stream.name));
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
    this.settle();
  }

  /** Demand may have changed: runs what is wanted, if no other ingest does. */
  settle(): void {
    for (const publication of this.#publications ?? []) publication.settle();
    if (!this.#open || this.#publications !== null || !this.#needed || !this.#mayRun || this.#asking !== null) return;
    this.#asking = setTimeout(() => {
      this.#asking = null;
      if (this.#needed) void this.#own();
    }, this.#options.headStartMillis());
  }

  /** The lease may be had, or the bus is back. */
  refresh(): void {
    this.#lease.refresh();
    this.settle();
  }

  get owned(): boolean {
    return this.#lease.held;
  }

  /** Each second: a tree that nobody needs is free for any ingest. */
  tick(): void {
    this.settle();
    if (this.#open && this.#lease.held && !this.#needed && this.#idle) void this.#disown();
  }

  status(): ProducerStatus[] {
    if (!this.#lease.held) return [];
    return this.#producers.map((producer) => producer.status());
  }

  async close(): Promise<void> {
    this.#open = false;
    if (this.#asking !== null) clearTimeout(this.#asking);
    for (const point of this.points) point.close('the feed is closed');
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
    return this.#continuous.length > 0 || this.points.some((point) => point.occupied) || [...this.#demands.values()].some((demand) => demand.wanted);
  }

  get #idle(): boolean {
    return this.#producers.every((producer) => producer.idle);
  }

  /** True where this ingest has the labels that its feeds are pinned to. */
  get #mayRun(): boolean {
    const { instance, labels: own } = this.#options;
    if (own === null) return true;
    const labels = [instance, ...own];
    return this.#plan.feeds.every((feed) => feed.on.every((label) => labels.includes(label)));
  }

  async #own(): Promise<void> {
    if (await this.#lease.take()) this.#publish();
  }

  /** For a source that has come here: takes the tree from whoever has it without one. */
  async #claim(): Promise<boolean> {
    if (!this.#open || !this.#mayRun || !(await this.#lease.claim())) return false;
    this.#publish();
    return true;
  }

  #publish(): void {
    if (!this.#open || this.#publications !== null) return;
    const { bus, subjects, logger } = this.#options;
    this.#publications = [...this.#streams].map(([name, producer]) => new Publication(name, producer, this.#options.demandFor(name), bus, subjects, logger));
    for (const producer of this.#continuous) producer.use(this);
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
    for (const point of this.points) point.close('another ingest has taken over');
    for (const publication of this.#publications ?? []) publication.close();
    this.#publications = null;
    for (const producer of this.#producers) producer.halt();
  }

  #pointOf({ name, stallMillis: timeoutMillis, format }: GroupFeed, { path, credentials, takeover, sourcesMax }: PushSource): PushPoint {
    return new PushPoint({
      path,
      credentials: credentials ?? 'open',
      format,
      ofPattern: sourcesMax !== null,
      takeover,
      timeoutMillis,
      claim: () => this.#claim(),
      onArrival: () => {
        void this.#lease.renew();
        this.#feeds.get(name)?.arrive();
      },
      onLeft: () => void this.#lease.renew(),
    });
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

function feedOptions(feed: GroupFeed, parents: readonly FrameSource[]): Omit<ProducerOptions, 'open'> {
  const { name, active, restart, stallMillis, onEnd, format, blockBytes, program, source } = feed;
  const starts = source.kind === 'push' ? 'on-arrival' : 'when-used';
  return { name, kind: 'feed', active, restart, stallMillis, onEnd, format, blockBytes, program, parents, starts };
}

/** What starts a feed that does not come by itself. */
function openFeed(feed: GroupFeed, parents: readonly FrameSource[], options: TreeOptions): OpenSource {
  switch (feed.source.kind) {
    case 'command':
      return commandSource(feed.source.command.argv, parents, options.logger.child(`feed ${feed.name}`));
    case 'file':
      return fileSource(feed.source.path, feed.source.pace);
    case 'stdin':
      return stdinSource();
    case 'relay':
      return relaySource(feed.source.urls, options.logger.child(`feed ${feed.name}`));
    case 'push':
      throw new TypeError('a pushed feed is opened by whoever pushes it');
  }
}

function encoderOptions(stream: GroupStream, parents: readonly FrameSource[], options: TreeOptions): ProducerOptions {
  const { name, encode, stallMillis, format, blockBytes } = stream;
  const open = commandSource(encode?.argv ?? [], parents, options.logger.child(`encoder ${name}`));
  const active = { mode: 'on-demand', lingerMillis: 0 } as const;
  return { name, kind: 'encoder', active, restart: true, stallMillis, onEnd: 'restart', format, blockBytes, program: null, parents, starts: 'when-used', open };
}
