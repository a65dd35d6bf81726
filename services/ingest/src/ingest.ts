import { answerRequests } from '@weir/bus';
import type { Bucket, Entry, Subscription } from '@weir/bus';
import { groupsOf } from '@weir/config';
import type { Configuration, EdgeConfiguration, Group } from '@weir/config';
import { formatAddress, TrustedProxies } from '@weir/http';
import type { PushedSources, TlsOptions } from '@weir/http';
import { Demands } from '@weir/subscriber';
import type { IngestStatus } from '@weir/telemetry';
import { bucketTtlMillis, decodeAdminRequest, decodeDemand, decodeStopped, encodeAdminReply, encodeControl, stoppedBucket, stoppedKey, streamOfSession, Subjects } from '@weir/wire';
import type { AdminReply, AdminRequest, Demand, ProducerName } from '@weir/wire';
import { DemandTable } from './demand-table.ts';
import { Epochs } from './epochs.ts';
import { FeedTree } from './feed-tree.ts';
import { addIngestMetrics } from './ingest-metrics.ts';
import type { IngestOptions, TreeOptions } from './ingest-options.ts';
import { headStartMillis, statusMillis } from './limits.ts';
import { PictureDecoder } from './pictures/picture-decoder.ts';
import { PatternSources } from './push/pattern-sources.ts';
import { PushRoutes } from './push/push-routes.ts';
import { listenForPushes, listenForShoutcast } from './push/push-server.ts';
import type { PushServerOptions } from './push/push-server.ts';
import { pushRoutes } from './push/routes.ts';

/** The ingest service: runs feeds and encoders that edges ask for, each on one ingest of the fleet at a time. */
export class Ingest {
  readonly #pushes: PushRoutes;
  readonly #sources: PatternSources;
  readonly #options: IngestOptions;
  readonly #pictures: PictureDecoder;
  readonly #since: string = new Date().toISOString();
  readonly #leases: Bucket;
  readonly #epochs: Epochs;
  readonly #subscriptions: readonly Subscription[];
  readonly #timer: NodeJS.Timeout;
  /** By stream; heard whether it is published here or not, so that whoever takes it over knows at once. */
  readonly #demandTables = new Map<string, DemandTable>();
  readonly #demands: Demands;
  /** What administrators have stopped, as {@link keyOf} has it. */
  #stopped: ReadonlySet<string> = new Set();
  /** By the name of the feed at its root. */
  #trees = new Map<string, FeedTree>();
  readonly #servers: { close(): Promise<void> }[] = [];
  #proxies: EdgeConfiguration | null = null;
  #trusted = new TrustedProxies([]);
  #closed = false;

  private constructor(options: IngestOptions, leases: Bucket, epochs: Bucket, stopped: Bucket) {
    this.#options = options;
    this.#pictures = new PictureDecoder(options.ffmpeg, options.logger.child('pictures'), options.metrics);
    this.#pushes = new PushRoutes(options.logger.child('push'), options.metrics);
    this.#sources = new PatternSources({
      occupied: (path) => this.#pushes.at(path)?.occupied === true,
      wanted: (stream) => this.#demandTables.get(stream)?.wanted === true,
      onChange: () => this.#settle(),
    });
    this.#leases = leases;
    this.#epochs = new Epochs(epochs);
    const { bus, subjects } = options;
    this.#demands = new Demands(options.instance, bus, subjects);
    this.#subscriptions = [
      bus.control.subscribe(subjects.anyDemand, (payload, subject) => {
        const stream = Subjects.nameIn(subject);
        const demand = decodeDemand(payload);
        if (stream !== null && demand !== null) this.#hear(stream, demand);
      }),
      stopped.watch(stoppedKey, (entry) => this.#heed(entry)),
      answerRequests(bus.control, subjects.admin(options.instance), (payload) => {
        const request = decodeAdminRequest(payload);
        const reply = request === null ? null : this.#administer(request);
        return reply === null ? null : encodeAdminReply(reply);
      }),
      bus.control.subscribe(subjects.anyFree, (_, subject) => this.#trees.get(Subjects.nameIn(subject) ?? '')?.refresh()),
      bus.onConnection((connected) => {
        if (connected) for (const tree of this.#trees.values()) tree.reunite();
      }),
    ];
    addIngestMetrics(options.metrics, () => this.status());
    this.#timer = setInterval(() => this.#tick(), statusMillis);
  }

  static async start(options: IngestOptions): Promise<Ingest> {
    const { bus, subjects } = options;
    const leases = await bus.bucket(subjects.bucket('leases'), { ttlMillis: bucketTtlMillis.leases, madeElsewhere: true });
    const epochs = await bus.bucket(subjects.bucket('epochs'), { ttlMillis: bucketTtlMillis.epochs, madeElsewhere: true });
    const stopped = await bus.bucket(subjects.bucket(stoppedBucket), { ttlMillis: 0, madeElsewhere: true });
    const ingest = new Ingest(options, leases, epochs, stopped);
    // Before the configuration comes, which may start what is stopped. Where control has never run, nothing is.
    ingest.#heed(await stopped.get(stoppedKey).catch(() => null));
    return ingest;
  }

  /** Makes the configuration true: what did not change is not touched. */
  apply(configuration: Configuration): void {
    this.#proxies = configuration.edge;
    this.#trusted = new TrustedProxies(configuration.edge.trustedProxies);
    this.#sources.apply(configuration);
    void this.#options.metrics.keepOnly('stream', new Set(Object.keys(configuration.streams)));
    this.#settle();
  }

  /** Makes true what the configuration says for the sources that are here. */
  #settle(): void {
    const { configuration } = this.#sources;
    if (configuration === null) return;
    const before = this.#trees;
    this.#trees = new Map();
    const fresh = new Map<Group, FeedTree>();
    for (const group of groupsOf(configuration)) {
      const old = before.get(group.root);
      if (old?.mayBecome(group) === true) {
        before.delete(group.root);
        this.#trees.set(group.root, old);
        old.apply(group);
      } else {
        const tree = new FeedTree(group, this.#leases, this.#epochs, this.#treeOptions);
        this.#trees.set(group.root, tree);
        fresh.set(group, tree);
      }
    }
    const leaving = [...before.values()].map((tree) => ({ tree, gone: tree.close() }));
    for (const [group, tree] of fresh) {
      // What leaves one tree may stand in another, and runs once.
      const inTheWay = leaving.flatMap(({ tree: old, gone }) => (old.sharesWith(group) ? gone : []));
      if (inTheWay.length === 0) tree.open();
      else void Promise.all(inTheWay).then(() => this.#trees.get(group.root) === tree && tree.open());
    }
    this.#pushes.apply([...this.#trees.values()].flatMap((tree) => tree.points), this.#sources.places, this.#sources.configuration?.access.htpasswd);
    const trees = [...this.#trees.values()];
    for (const stream of this.#demandTables.keys()) if (!trees.some((tree) => tree.serves(stream))) this.#demandTables.delete(stream);
    this.#announce();
  }

  /** Tells edges which sources of patterns are here, so that they serve their streams. */
  #announce(): void {
    const { bus, subjects, instance } = this.#options;
    if (this.#sources.possible) bus.control.publish(subjects.sources(instance), encodeControl({ ingest: instance, sources: this.#sources.names }));
  }

  status(): IngestStatus {
    const { instance, version } = this.#options;
    const producers = [...this.#trees.values()].flatMap((tree) => tree.status());
    return { role: 'ingest', instance, version, since: this.#since, pid: process.pid, producers };
  }

  /** What a server for listeners needs to take sources on the same port. */
  get sources(): PushedSources {
    return { handler: this.#pushes, answer: (trusted) => pushRoutes(this.#pushes, trusted) };
  }

  /**
   * Opens a port for sources alone; gives its URL.
   *
   * @param address `host:port`
   * @param tls for HTTPS; left out: plain HTTP
   * @throws ListenError
   */
  async listen(address: string, tls?: TlsOptions): Promise<string> {
    const server = await listenForPushes(this.#pushes, { ...this.#portOptions, listen: address, tls });
    this.#servers.push(server);
    return server.url;
  }

  /**
   * Opens a port for sources that speak SHOUTcast 1; gives its address.
   *
   * @param address `host:port`
   * @throws ListenError
   */
  async listenShoutcast(address: string): Promise<string> {
    const server = await listenForShoutcast(this.#pushes, { ...this.#portOptions, listen: address });
    this.#servers.push(server);
    return formatAddress(server.address);
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
    await this.#pictures.close();
    this.#demands.close();
    await Promise.all(this.#servers.map((server) => server.close()));
  }

  get #portOptions(): Omit<PushServerOptions, 'listen' | 'tls'> {
    return { logger: this.#options.logger, expectsProxyHeader: this.#expectsProxyHeader, trusted: () => this.#trusted };
  }

  readonly #expectsProxyHeader = (from: string): boolean => this.#proxies?.proxyProtocol === true && this.#trusted.includes(from);

  /** What is stopped has changed; without an entry nothing is known of it, and it stays as it was. */
  #heed(entry: Entry | null): void {
    if (entry === null) return;
    this.#stopped = new Set(decodeStopped(entry.value).map(keyOf));
    for (const tree of this.#trees.values()) tree.heed();
    this.#tell();
  }

  #administer(request: AdminRequest): AdminReply | null {
    if (request.wants !== 'restart') return null;
    const outcomes = [...this.#trees.values()].map((tree) => tree.restart(request));
    if (outcomes.includes('done')) return { is: 'done', says: 'It is started again.' };
    const idle = outcomes.includes('idle');
    return { is: 'refused', because: idle ? 'conflict' : 'unknown', why: idle ? 'Nothing of it runs, and nobody uses it.' : 'It is not run here any more.' };
  }

  #tell(): void {
    const { bus, subjects, instance } = this.#options;
    bus.control.publish(subjects.status('ingest', instance), Buffer.from(JSON.stringify(this.status())));
  }

  /** The more it runs already, the later it asks for more: of several ingests the idle one is first. */
  #headStartMillis(): number {
    const owned = [...this.#trees.values()].filter((tree) => tree.owned).length;
    return Math.min(owned * headStartMillis.each, headStartMillis.most);
  }

  get #treeOptions(): TreeOptions {
    return { ...this.#options, isStopped: (producer) => this.#stopped.has(keyOf(producer)), pictures: this.#pictures, demands: this.#demands, demandFor: (stream) => this.#demandFor(stream), headStartMillis: () => this.#headStartMillis() };
  }

  #demandFor(stream: string): DemandTable {
    const demand = this.#demandTables.get(stream) ?? new DemandTable();
    this.#demandTables.set(stream, demand);
    return demand;
  }

  #hear(name: string, demand: Demand): void {
    const session = streamOfSession(name);
    for (const tree of this.#trees.values()) {
      if (session !== null && tree.serves(session)) {
        tree.hearSession(name, session, demand);
      } else if (tree.serves(name)) {
        this.#demandFor(name).hear(demand.edge, demand.listeners, performance.now());
        tree.settle();
      }
    }
  }

  #tick(): void {
    if (this.#closed) return;
    const now = performance.now();
    for (const demand of this.#demandTables.values()) demand.expire(now);
    this.#sources.tick(now);
    this.#announce();
    this.#demands.tick(now);
    for (const tree of this.#trees.values()) tree.tick(now);
    this.#tell();
  }
}

function keyOf({ kind, name }: ProducerName): string {
  return `${kind} ${name}`;
}
