import { isDeepStrictEqual } from 'node:util';
import type { Bucket } from '@weir/bus';
import type { Group } from '@weir/config';
import type { ProducerStatus } from '@weir/telemetry';
import type { Demand, ProducerName } from '@weir/wire';
import { DemandTable } from './demand-table.ts';
import type { Epochs } from './epochs.ts';
import type { TreeOptions } from './ingest-options.ts';
import { Lease } from './lease.ts';
import { sessionsMax } from './limits.ts';
import { Shot } from './pictures/shot.ts';
import { Publication } from './publication.ts';
import { PushPoint } from './push/push-point.ts';
import { TreeParts } from './tree-parts.ts';
import type { PushedFeed } from './tree-parts.ts';

/** One listener of a stream with an encoder for each. */
interface Session {
  readonly stream: string;
  readonly demand: DemandTable;
  /** Null while it is not published here. */
  publication: Publication | null;
}

/** One feed tree, owned as a whole by a lease: what a {@link Group} lists. */
export class FeedTree {
  readonly #options: TreeOptions;
  readonly #lease: Lease;
  readonly #parts: TreeParts;
  #group: Group;
  /** By stream. */
  #demands = new Map<string, DemandTable>();
  /** By stream; null while another ingest owns the tree, or nobody. */
  #publications: Map<string, Publication | Shot> | null = null;
  /** By the name under which each is published. */
  readonly #sessions = new Map<string, Session>();
  #open = false;
  /** Until the lease is asked for. */
  #asking: NodeJS.Timeout | null = null;
  /** What an earlier configuration had and this one has not, while its processes end. */
  #leaving: Promise<unknown> = Promise.resolve();
  #leavers = 0;

  constructor(group: Group, leases: Bucket, epochs: Epochs, options: TreeOptions) {
    this.#group = group;
    this.#options = options;
    this.#lease = new Lease({
      bucket: leases,
      feed: group.root,
      instance: options.instance,
      logger: options.logger.child(`feed ${group.root}`),
      busy: () => this.points.some((point) => point.occupied),
      onLost: () => this.#lost(),
    });
    this.#parts = new TreeParts(options, epochs, (feed) => this.#pointOf(feed));
    this.#listen();
    this.#parts.replace(group);
  }

  /** Where its pushed feeds are pushed to. */
  get points(): readonly PushPoint[] {
    return this.#parts.points;
  }

  /** True where nothing but {@link apply} is needed to become `group`. */
  mayBecome({ root, labels }: Group): boolean {
    return root === this.#group.root && isDeepStrictEqual(labels, this.#group.labels);
  }

  /** Whether it runs, or has run, something that another group has too. */
  sharesWith({ feeds, streams }: Group): boolean {
    const own = this.#group;
    return feeds.some(({ name }) => own.feeds.some((feed) => feed.name === name)) || streams.some(({ name }) => own.streams.some((stream) => stream.name === name));
  }

  /** Becomes another group of the same root: what is the same in both runs on, and its listeners notice nothing. */
  apply(group: Group): void {
    if (isDeepStrictEqual(group, this.#group)) return;
    for (const stream of this.#parts.outdated(group)) this.#unpublish(stream);
    this.#group = group;
    this.#listen();
    const { gone, release } = this.#parts.replace(group);
    this.#leavers++;
    this.#leaving = Promise.all([this.#leaving, gone]).then(() => {
      this.#leavers--;
      this.#publish();
      release();
      this.settle();
    });
  }

  serves(stream: string): boolean {
    return this.#demands.has(stream);
  }

  /** An edge has a listener for a stream with an encoder for each, or has it no more; beyond a limit there is nothing for it. */
  hearSession(name: string, stream: string, { edge, listeners }: Demand): void {
    const known = this.#sessions.get(name);
    if (!this.#group.streams.some(({ name: served, client }) => served === stream && client === 'exclusive')) return;
    if (known === undefined && (listeners === 0 || this.#sessions.size >= sessionsMax)) return;
    const session = known ?? { stream, demand: new DemandTable(), publication: null };
    this.#sessions.set(name, session);
    session.demand.hear(edge, listeners, performance.now());
    this.#publish();
    this.settle();
  }

  /** Starts what is to run without being asked. */
  open(): void {
    this.#open = true;
    this.settle();
  }

  /** Demand may have changed: runs what is wanted, if no other ingest does. */
  settle(): void {
    for (const publication of this.#publications?.values() ?? []) publication.settle();
    this.#settleSessions();
    if (!this.#open || this.#publications !== null || !this.#needed || !this.#mayRun || this.#asking !== null) return;
    this.#asking = setTimeout(() => {
      this.#asking = null;
      if (this.#needed) void this.#own();
    }, this.#options.headStartMillis());
  }

  /** The lease may be had. */
  refresh(): void {
    this.#lease.refresh();
    this.settle();
  }

  /** The bus is back. */
  reunite(): void {
    this.#lease.reunite();
    this.settle();
  }

  get owned(): boolean {
    return this.#lease.held;
  }

  /** Each second: a tree that nobody needs is free for any ingest. */
  tick(nowMillis: number): void {
    for (const { demand } of this.#sessions.values()) demand.expire(nowMillis);
    this.settle();
    if (this.#open && this.#lease.held && !this.#needed && this.#idle) void this.#disown();
  }

  status(): ProducerStatus[] {
    if (!this.#lease.held) return [];
    return this.#parts.producers.map((producer) => producer.status());
  }

  /** An administrator may have stopped some of it, or let it start again. */
  heed(): void {
    this.#parts.heed();
  }

  /** Starts a feed, an encoder or all encoders of a stream's listeners again. `elsewhere`: none of that name is run here. */
  restart({ kind, name }: ProducerName): 'done' | 'idle' | 'elsewhere' {
    const producers = this.#lease.held ? this.#parts.producers.filter((producer) => producer.kind === kind && producer.name === name) : [];
    if (producers.length === 0) return 'elsewhere';
    return producers.filter((producer) => producer.restart()).length > 0 ? 'done' : 'idle';
  }

  async close(): Promise<void> {
    this.#open = false;
    if (this.#asking !== null) clearTimeout(this.#asking);
    this.#unpublishAll();
    await this.#parts.close();
    await this.#leaving;
    await this.#giveBack();
  }

  get #needed(): boolean {
    return this.#parts.continuous.length > 0 || this.#sessions.size > 0 || this.points.some((point) => point.occupied) || [...this.#demands.values()].some((demand) => demand.wanted);
  }

  get #idle(): boolean {
    return this.#leavers === 0 && this.#parts.producers.every((producer) => producer.idle);
  }

  /** True where this ingest has the labels that the tree is pinned to. */
  get #mayRun(): boolean {
    const { instance, labels } = this.#options;
    return labels === null || this.#group.labels.every((label) => label === instance || labels.includes(label));
  }

  #listen(): void {
    this.#demands = new Map(this.#group.streams.map(({ name }) => [name, this.#options.demandFor(name)]));
  }

  async #own(): Promise<void> {
    if (await this.#lease.take()) this.#begin();
  }

  /** For a source that has come here: takes the tree from whoever has it without one. */
  async #claim(): Promise<boolean> {
    if (!this.#open || !this.#mayRun || !(await this.#lease.claim())) return false;
    this.#begin();
    return true;
  }

  #begin(): void {
    if (!this.#open) return;
    this.#publications ??= new Map();
    this.#publish();
  }

  /** Publishes what is not published yet, once nothing of an earlier configuration is in its way. */
  #publish(): void {
    if (this.#publications === null || this.#leavers > 0) return;
    const { bus, subjects, logger, pictures, demandFor } = this.#options;
    for (const [name, source] of this.#parts.sources) {
      if (this.#publications.has(name)) continue;
      this.#publications.set(name, new Publication(name, source, demandFor(name), bus, subjects, logger, pictures));
    }
    for (const [name, { parents, open }] of this.#parts.shots) {
      if (this.#publications.has(name)) continue;
      const around = { demand: demandFor(name), decoder: pictures, channel: bus.frames, subject: subjects.picture(name), logger: logger.child(`stream ${name}`) };
      this.#publications.set(name, new Shot({ stream: name, parents, open, ...around }));
    }
    for (const [name, session] of this.#sessions) {
      const encoder = session.publication === null ? this.#parts.openSession(session.stream, name) : undefined;
      if (encoder !== undefined) session.publication = new Publication(name, encoder, session.demand, bus, subjects, logger, pictures);
    }
    for (const producer of this.#parts.continuous) producer.use(this);
  }

  /** Ends the encoders of listeners who have left. */
  #settleSessions(): void {
    for (const [name, { stream, demand, publication }] of this.#sessions) {
      if (demand.wanted) continue;
      publication?.close();
      this.#sessions.delete(name);
      void this.#parts.closeSession(stream, name);
    }
  }

  #unpublish(stream: string): void {
    this.#publications?.get(stream)?.close();
    this.#publications?.delete(stream);
    for (const session of this.#sessions.values()) if (session.stream === stream) closeSession(session);
  }

  #unpublishAll(): void {
    for (const publication of this.#publications?.values() ?? []) publication.close();
    this.#publications = null;
    for (const session of this.#sessions.values()) closeSession(session);
  }

  async #disown(): Promise<void> {
    this.#unpublishAll();
    await this.#giveBack();
  }

  async #giveBack(): Promise<void> {
    if (!(await this.#lease.release())) return;
    const { bus, subjects } = this.#options;
    bus.control.publish(subjects.free(this.#group.root), new Uint8Array(0));
  }

  /** Another ingest runs it now: nothing of it may go on here. */
  #lost(): void {
    this.#options.logger.warn('another ingest has taken over', { feed: this.#group.root });
    for (const point of this.points) point.close('another ingest has taken over');
    this.#unpublishAll();
    for (const producer of this.#parts.producers) producer.halt();
  }

  #pointOf({ name, source, stallMillis, format }: PushedFeed): PushPoint {
    return new PushPoint({
      path: source.path,
      credentials: source.credentials ?? 'open',
      addresses: source.addresses,
      format,
      ofPattern: source.sourcesMax !== null,
      takeover: source.takeover,
      timeoutMillis: stallMillis,
      stopped: () => this.#options.isStopped({ kind: 'feed', name }),
      claim: () => this.#claim(),
      onArrival: () => {
        void this.#lease.renew();
        this.#parts.producer(name)?.arrive();
      },
      onLeft: () => void this.#lease.renew(),
    });
  }
}

function closeSession(session: Session): void {
  session.publication?.close();
  session.publication = null;
}
