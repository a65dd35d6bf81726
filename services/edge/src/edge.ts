import type { Bus, Subscription } from '@weir/bus';
import { configuredName, PushPatterns } from '@weir/config';
import type { Configuration } from '@weir/config';
import { addStatusRoutes, createApp, listen, parseAddress, TrustedProxies } from '@weir/http';
import type { Listening, ListenOptions, PushedSources, TlsOptions } from '@weir/http';
import type { EdgeStatus, FleetStatus, Logger, Metrics } from '@weir/telemetry';
import { fleetStatus } from '@weir/telemetry';
import { Demands } from '@weir/subscriber';
import type { AdminReply, Subjects } from '@weir/wire';
import { accessRoutes } from './access/access-routes.ts';
import { Gatekeeper } from './access/gatekeeper.ts';
import { endOverdue, endUnwelcome } from './access/revocation.ts';
import { accessLine } from './access-line.ts';
import { answerAdministrators } from './administration.ts';
import { exceededLimit, usedShares } from './capacity.ts';
import type { Load } from './capacity.ts';
import type { Refusal } from './edge-metrics.ts';
import { drain } from './drain.ts';
import { EdgeMetrics } from './edge-metrics.ts';
import { ExclusiveMount } from './exclusive-mount.ts';
import { FanOut } from './fan-out.ts';
import { KnownSources } from './known-sources.ts';
import { sourcesKnownMillis, tickMillis } from './limits.ts';
import { Mount } from './mount.ts';
import { pictureRoutes } from './pictures/picture-routes.ts';
import { Room } from './room.ts';
import { streamRoutes } from './routes.ts';
import type { MountTable } from './routes.ts';
import { Siblings } from './siblings.ts';

/** What an edge is started with. */
export interface EdgeOptions {
  readonly instance: string;
  readonly version: string;
  readonly bus: Bus;
  readonly subjects: Subjects;
  readonly logger: Logger;
  /** Takes the line of each listener at its end; left out: they go to the log. */
  readonly accessLog?: (line: string) => void;
  /** `host:port`. */
  readonly listen: string;
  /** For HTTPS on it; left out: plain HTTP. */
  readonly tls?: TlsOptions | undefined;
  readonly metrics: Metrics;
  /** Instances that serve the same port: `/stat` shows them together. */
  readonly siblings?: readonly string[];
  /** Sources that may be pushed to the same port. */
  readonly sources?: PushedSources;
  /** What `/stat` shows instead of this edge alone. */
  readonly status?: () => FleetStatus;
  /** Answers for the whole of which this edge is a part, after its streams. */
  readonly answer?: PushedSources['answer'];
  /** Over how many seconds an administrator's drain ends listeners, unless that says another number. */
  readonly drainSeconds: number;
  /** Edges of the same one stand behind the same load balancer; left out: there is one for all. */
  readonly pool?: string | undefined;
}

/** Whether new listeners are taken: `drained` by an administrator, who may open it again; `closed` for good. */
type Door = { readonly is: 'open' } | { readonly is: 'drained'; readonly undrained: AbortController } | { readonly is: 'closed' };

/** The edge service: serves the configured streams to listeners. */
export class Edge {
  readonly #options: EdgeOptions;
  readonly #since: string = new Date().toISOString();
  readonly #fanOut = new FanOut();
  readonly #access: (line: string) => void;
  readonly #metrics: EdgeMetrics;
  readonly #siblings: Siblings;
  readonly #demands: Demands;
  readonly #sources: KnownSources;
  readonly #room: Room;
  readonly #gate = new Gatekeeper();
  readonly #administration: Subscription;
  readonly #timer: NodeJS.Timeout;
  #server: Listening | null = null;
  /** By stream name, and by each path that serves one. */
  #mounts = new Map<string, Mount>();
  #paths = new Map<string, Mount>();
  /** With the streams of the sources that are there. */
  #configuration: Configuration | null = null;
  #patterns: PushPatterns | null = null;
  /** When the first configuration came, monotonic. */
  #configuredMillis = Infinity;
  #trusted = new TrustedProxies([]);
  #door: Door = { is: 'open' };
  #listenersEver = 0;

  private constructor(options: EdgeOptions) {
    this.#options = options;
    const access = options.logger.child('access');
    this.#access = options.accessLog ?? ((line) => access.info(line));
    this.#room = new Room({ ...options, pool: options.pool ?? '' });
    const listenersMax = (): number | null => this.#configuration?.edge.listenersMax ?? null;
    this.#metrics = new EdgeMetrics(options.metrics, { status: () => this.status(), mounts: () => [...this.#mounts.values()], listenersMax, dropped: () => this.#server?.dropped ?? 0, room: this.#room });
    this.#siblings = new Siblings(options.bus, options.subjects, options.siblings ?? []);
    this.#demands = new Demands(options.instance, options.bus, options.subjects);
    this.#sources = new KnownSources(options.bus, options.subjects, () => this.#settle());
    this.#administration = answerAdministrators({ ...options, mounts: () => this.#mounts.values(), drain: (seconds) => this.#drainFor(seconds), undrain: () => this.#undrain() });
    this.#timer = setInterval(() => this.#tick(), tickMillis);
  }

  /** @throws ListenError when the address cannot be listened on */
  static async start(options: EdgeOptions): Promise<Edge> {
    const edge = new Edge(options);
    try {
      edge.#server = await listen(edge.#app(), parseAddress(options.listen), edge.#listenOptions);
    } catch (error) {
      clearInterval(edge.#timer);
      edge.#demands.close();
      edge.#sources.close();
      edge.#administration.unsubscribe();
      throw error;
    }
    return edge;
  }

  /** `http://host:port`, or `https://`, with the real port. */
  get url(): string {
    return this.#server?.url ?? '';
  }

  /** Listeners now. */
  get listeners(): number {
    return [...this.#mounts.values()].reduce((count, mount) => count + mount.listeners.size, 0);
  }

  /** Makes the configuration true: streams that it still has keep their listeners. */
  apply(configuration: Configuration): void {
    this.#patterns = new PushPatterns(configuration);
    this.#metrics.keepOnly(new Set(Object.keys(configuration.streams)));
    this.#trusted = new TrustedProxies(configuration.edge.trustedProxies);
    this.#configuredMillis = Math.min(this.#configuredMillis, performance.now());
    this.#gate.apply(configuration.access);
    this.#settle();
    const ended = endUnwelcome(this.#mounts.values(), this.#gate);
    if (ended > 0) this.#options.logger.info('listeners who may not listen any more were ended', { ended });
  }

  /** Makes true what the configuration says for the sources that are there, and for those that still have listeners. */
  #settle(): void {
    const patterns = this.#patterns;
    if (patterns === null) return;
    const left = [...this.#mounts.values()].flatMap((mount) => (mount.load.listeners > 0 ? (patterns.sourceOf(mount.stream.name) ?? []) : []));
    const configuration = patterns.with(new Set([...this.#sources.names, ...left]));
    this.#configuration = configuration;
    const before = this.#mounts;
    this.#mounts = new Map();
    for (const stream of Object.values(configuration.streams)) {
      const old = before.get(stream.name);
      if (old?.stream.client !== stream.client) {
        this.#mounts.set(stream.name, this.#createMount(stream));
        continue;
      }
      old.reconfigure(stream);
      before.delete(stream.name);
      this.#mounts.set(stream.name, old);
    }
    for (const gone of before.values()) gone.close('removed');
    this.#paths = new Map();
    for (const [name, mount] of this.#mounts) {
      // Nobody new comes to a source that has gone, or they would keep it for ever.
      if (!this.#isGone(mount)) this.#paths.set(mount.stream.path, mount).set(`/stream/${name}`, mount);
    }
  }

  status(): EdgeStatus {
    const { instance, version } = this.#options;
    const now = performance.now();
    const streams = [...this.#mounts.values()].map((mount) => mount.status(now));
    return { role: 'edge', instance, version, since: this.#since, pid: process.pid, url: this.url, ...(this.#door.is === 'open' ? {} : { draining: true }), streams };
  }

  /** Why new listeners should go elsewhere; null when they are welcome. */
  get notReady(): string | null {
    if (this.#door.is !== 'open') return 'draining';
    if (this.#configuration === null) return 'no configuration yet';
    return this.#options.bus.connected ? this.#room.notReady : 'not connected to NATS';
  }

  /**
   * Takes no new listeners and ends those there are spread over so many seconds (Infinity: waits until the last has left).
   * Fulfilled when nobody listens.
   */
  async drain(seconds: number): Promise<void> {
    this.#close();
    await this.#drain(seconds);
  }

  async #drain(seconds: number, signal?: AbortSignal): Promise<void> {
    const { logger } = this.#options;
    if (this.listeners > 0) logger.info('draining', { listeners: this.listeners, seconds });
    await drain(() => [...this.#mounts.values()].flatMap((mount) => [...mount.listeners]), seconds, signal);
  }

  #close(): void {
    if (this.#door.is === 'drained') this.#door.undrained.abort();
    this.#door = { is: 'closed' };
  }

  /** Ends every response and the server. */
  async close(): Promise<void> {
    this.#close();
    clearInterval(this.#timer);
    this.#administration.unsubscribe();
    this.#siblings.close();
    this.#sources.close();
    this.#room.close();
    for (const mount of this.#mounts.values()) mount.close('shutdown');
    this.#demands.close();
    await this.#server?.close();
  }

  get #listenOptions(): ListenOptions {
    const { logger, sources, tls } = this.#options;
    const front = sources === undefined ? {} : { sources: { handler: sources.handler, trusted: () => this.#trusted } };
    return {
      logger,
      isTrusted: (address) => this.#trusted.includes(address),
      expectsProxyHeader: (address) => this.#expectsProxyHeader(address),
      tls,
      ...front,
    };
  }

  #expectsProxyHeader(address: string): boolean {
    return this.#configuration?.edge.proxyProtocol === true && this.#trusted.includes(address);
  }

  #refusal(mount: Mount): Refusal | null {
    if (this.#door.is !== 'open') return 'draining';
    const limits = this.#configuration?.edge ?? null;
    const own = exceededLimit(mount.stream, mount.load, mount.bitsPerSecond);
    return own ?? (limits === null ? null : exceededLimit(limits, this.#load, mount.bitsPerSecond));
  }

  get #load(): Load {
    const load = { listeners: 0, bitsPerSecond: 0 };
    for (const { load: each } of this.#mounts.values()) {
      load.listeners += each.listeners;
      load.bitsPerSecond += each.bitsPerSecond;
    }
    return load;
  }

  /** Whether it is of a source that no ingest has any more. */
  #isGone(mount: Mount): boolean {
    const source = this.#patterns?.sourceOf(mount.stream.name) ?? null;
    return source !== null && !this.#sources.names.has(source);
  }

  #unsure(path: string): string | null {
    if (this.#patterns === null) return 'This edge has no configuration yet.';
    const early = performance.now() - this.#configuredMillis < sourcesKnownMillis;
    return early && this.#patterns.mayServe(path) ? 'This edge does not know every source yet.' : null;
  }

  #createMount(stream: Configuration['streams'][string]): Mount {
    const { instance, bus, subjects, logger } = this.#options;
    const MountClass = stream.client === 'exclusive' ? ExclusiveMount : Mount;
    return new MountClass(stream, {
      edge: instance,
      bus,
      subjects,
      demands: this.#demands,
      logger,
      fanOut: this.#fanOut,
      onListenerEnd: (mount, listener, reason) => {
        this.#metrics.ended(configuredName(mount.stream.name), reason);
        this.#access(accessLine(listener, reason, performance.now(), new Date()));
      },
    });
  }

  #app(): ReturnType<typeof createApp> {
    const { logger } = this.#options;
    const app = createApp(logger);
    const table: MountTable = {
      find: (path) => this.#paths.get(path),
      unsure: (path) => this.#unsure(path),
      refusal: (mount) => this.#refusal(mount),
      trusted: () => this.#trusted,
      number: () => ++this.#listenersEver,
      metrics: this.#metrics,
      gate: this.#gate,
      grants: new WeakMap(),
      streaming: new WeakSet(),
    };
    app.use(accessRoutes(table));
    app.use(streamRoutes(table));
    app.use(pictureRoutes(table));
    const { sources } = this.#options;
    if (sources !== undefined) app.use(sources.answer(() => this.#trusted));
    const { answer } = this.#options;
    if (answer !== undefined) app.use(answer(() => this.#trusted));
    addStatusRoutes(app, this.#options.status ?? (() => this.#ownStatus()), 'here', () => this.#trusted);
    return app;
  }

  #ownStatus(): FleetStatus {
    const streams = Object.values(this.#configuration?.streams ?? {}).map((stream) => ({ ...stream, encoded: stream.encode !== null }));
    const { version } = this.#options;
    return fleetStatus({ weirVersion: version, deployment: this.#configuration?.deployment, since: this.#since, time: new Date().toISOString(), streams, feeds: [], ingests: [], edges: [this.status(), ...this.#siblings.accounts(performance.now())] });
  }

  #tick(): void {
    const now = performance.now();
    for (const mount of this.#mounts.values()) mount.tick(now);
    endOverdue(this.#mounts.values(), Date.now() / 1000);
    this.#sources.tick(now);
    if ([...this.#mounts.values()].some((mount) => mount.load.listeners === 0 && this.#isGone(mount))) this.#settle();
    this.#demands.tick(now);
    this.#tell();
    const limits = this.#configuration?.edge ?? null;
    if (limits !== null) this.#room.tick(usedShares(limits, this.#load), limits.busyAt, this.#door.is === 'open', now);
  }

  #tell(): void {
    const { bus, subjects, instance } = this.#options;
    bus.control.publish(subjects.status('edge', instance), Buffer.from(JSON.stringify(this.status())));
  }

  /** An administrator's: new listeners go elsewhere, and those there are as well. */
  #drainFor(seconds: number): AdminReply {
    if (this.#door.is === 'closed') return { is: 'refused', because: 'conflict', why: 'The edge is about to stop.' };
    if (this.#door.is === 'drained') this.#door.undrained.abort();
    const undrained = new AbortController();
    this.#door = { is: 'drained', undrained };
    void this.#drain(seconds, undrained.signal);
    this.#tell();
    return { is: 'done', says: `It takes no new listeners, and ends its ${this.listeners} over ${seconds} s.` };
  }

  #undrain(): AdminReply {
    if (this.#door.is === 'closed') return { is: 'refused', because: 'conflict', why: 'The edge is about to stop.' };
    if (this.#door.is === 'open') return { is: 'done', says: 'It takes listeners, as before.' };
    this.#door.undrained.abort();
    this.#door = { is: 'open' };
    this.#options.logger.info('not draining any more');
    this.#tell();
    return { is: 'done', says: 'It takes listeners again.' };
  }
}
