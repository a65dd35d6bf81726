import type { Bucket, Subscription } from '@weir/bus';
import type { Configuration, EdgeConfiguration } from '@weir/config';
import { formatAddress, localUrl, TrustedProxies } from '@weir/http';
import type { PushedSources } from '@weir/http';
import type { IngestStatus } from '@weir/telemetry';
import { decodeDemand, encodeControl, Subjects } from '@weir/wire';
import type { Demand } from '@weir/wire';
import { DemandTable } from './demand-table.ts';
import { Epochs } from './epochs.ts';
import { FeedTree } from './feed-tree.ts';
import { addIngestMetrics } from './ingest-metrics.ts';
import type { IngestOptions, TreeOptions } from './ingest-options.ts';
import { leaseBucket } from './lease.ts';
import { headStartMillis, statusMillis } from './limits.ts';
import { PatternSources } from './push/pattern-sources.ts';
import { PushRoutes } from './push/push-routes.ts';
import { listenForPushes, listenForShoutcast } from './push/push-server.ts';
import { pushRoutes } from './push/routes.ts';
import { planTrees } from './tree-plan.ts';

/** The ingest service: runs feeds and encoders that edges ask for, each on one ingest of the fleet at a time. */
export class Ingest {
  readonly #pushes: PushRoutes;
  readonly #sources: PatternSources;
  readonly #options: IngestOptions;
  readonly #since: string = new Date().toISOString();
  readonly #leases: Bucket;
  readonly #epochs: Epochs;
  readonly #subscriptions: readonly Subscription[];
  readonly #timer: NodeJS.Timeout;
  /** By stream; heard whether it is published here or not, so that whoever takes it over knows at once. */
  readonly #demands = new Map<string, DemandTable>();
  /** By the name of the feed at its root. */
  #trees = new Map<string, FeedTree>();
  readonly #servers: { close(): Promise<void> }[] = [];
  #proxies: EdgeConfiguration | null = null;
  #trusted = new TrustedProxies([]);
  #closed = false;

  private constructor(options: IngestOptions, leases: Bucket, epochs: Bucket) {
    this.#options = options;
    this.#pushes = new PushRoutes(options.logger.child('push'));
    this.#sources = new PatternSources({
      occupied: (path) => this.#pushes.at(path)?.occupied === true,
      wanted: (stream) => this.#demands.get(stream)?.wanted === true,
      onChange: () => this.#settle(),
    });
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
    this.#proxies = configuration.edge;
    this.#trusted = new TrustedProxies(configuration.edge.trustedProxies);
    this.#sources.apply(configuration);
    this.#settle();
  }

  /** Makes true what the configuration says for the sources that are here. */
  #settle(): void {
    const { configuration } = this.#sources;
    if (configuration === null) return;
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
      const tree = new FeedTree(part, this.#leases, this.#epochs, this.#treeOptions);
      this.#trees.set(root, tree);
      // A source that has made its tree waits for it to be open.
      if (old === undefined) tree.open();
      else void old.close().then(() => tree.open());
    }
    for (const old of before.values()) void old.close();
    this.#pushes.apply([...this.#trees.values()].flatMap((tree) => tree.points), this.#sources.places);
    for (const stream of this.#demands.keys()) if (configuration.streams[stream] === undefined) this.#demands.delete(stream);
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
   * @throws ListenError
   */
  async listen(address: string): Promise<string> {
    const server = await listenForPushes(this.#pushes, { listen: address, logger: this.#options.logger, expectsProxyHeader: this.#expectsProxyHeader, trusted: () => this.#trusted });
    this.#servers.push(server);
    return localUrl(server.address);
  }

  /**
   * Opens a port for sources that speak SHOUTcast 1; gives its address.
   *
   * @param address `host:port`
   * @throws ListenError
   */
  async listenShoutcast(address: string): Promise<string> {
    const server = await listenForShoutcast(this.#pushes, { listen: address, expectsProxyHeader: this.#expectsProxyHeader });
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
    await Promise.all(this.#servers.map((server) => server.close()));
  }

  readonly #expectsProxyHeader = (from: string): boolean => this.#proxies?.proxyProtocol === true && this.#trusted.includes(from);

  /** The more it runs already, the later it asks for more: of several ingests the idle one is first. */
  #headStartMillis(): number {
    const owned = [...this.#trees.values()].filter((tree) => tree.owned).length;
    return Math.min(owned * headStartMillis.each, headStartMillis.most);
  }

  get #treeOptions(): TreeOptions {
    return { ...this.#options, demandFor: (stream) => this.#demandFor(stream), headStartMillis: () => this.#headStartMillis() };
  }

  #demandFor(stream: string): DemandTable {
    const demand = this.#demands.get(stream) ?? new DemandTable();
    this.#demands.set(stream, demand);
    return demand;
  }

  #hear(stream: string, { edge, listeners }: Demand): void {
    for (const tree of this.#trees.values()) {
      if (!tree.serves(stream)) continue;
      this.#demandFor(stream).hear(edge, listeners, performance.now());
      tree.settle();
    }
  }

  #tick(): void {
    if (this.#closed) return;
    const now = performance.now();
    for (const demand of this.#demands.values()) demand.expire(now);
    this.#sources.tick(now);
    this.#announce();
    for (const tree of this.#trees.values()) tree.tick();
    const { bus, subjects, instance } = this.#options;
    bus.control.publish(subjects.status('ingest', instance), Buffer.from(JSON.stringify(this.status())));
  }
}
