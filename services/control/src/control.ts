import { randomUUID } from 'node:crypto';
import type { Bucket, Bus } from '@weir/bus';
import { hashesOf, hashOf, hashOfMasters, publishConfiguration, publishedConfiguration, PushPatterns } from '@weir/config';
import type { Configuration, ConfigurationHashes, EntityHash } from '@weir/config';
import { addStatusRoutes, createApp, listen, parseAddress, TrustedProxies } from '@weir/http';
import type { Listening, PushedSources, TlsOptions } from '@weir/http';
import { fleetStatus } from '@weir/telemetry';
import type { FleetStatus, IngestStatus, Logger, Metrics, SettingsStatus } from '@weir/telemetry';
import { bucketTtlMillis } from '@weir/wire';
import type { Subjects } from '@weir/wire';
import { AdminGate } from './admin/admin-gate.ts';
import { administrationRoutes } from './admin/administration.ts';
import type { ReloadOutcome } from './admin/process-routes.ts';
import { adminRoutes } from './admin/routes.ts';
import { StoppedProducers } from './admin/stopped-producers.ts';
import { addControlMetrics } from './control-metrics.ts';
import { Fleet } from './fleet.ts';
import { lostMillis } from './limits.ts';
import { Mirror } from './masters/mirror.ts';

/** What control is started with. */
export interface ControlOptions {
  readonly instance: string;
  readonly version: string;
  readonly bus: Bus;
  readonly subjects: Subjects;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The configuration's `listen`, when that is where this process listens. */
  readonly listen?: string;
  /** What else in this process takes each configuration, before it is published. */
  readonly onConfiguration?: (configuration: Configuration) => void;
  /** The SHA-256 of the administrators' token in base64, in place of the configuration's; null: that one. */
  readonly tokenHash: string | null;
  /** Reads the configuration files again; null where there are none. */
  readonly reload: (() => Promise<ReloadOutcome>) | null;
  /** What published configurations are signed with; null: nothing. */
  readonly configurationKey: Uint8Array | null;
}

/** A configuration with what `/stat.json` tells of it. */
interface Applied {
  readonly patterns: PushPatterns;
  readonly hashes: ConfigurationHashes;
  readonly edgeHash: string;
  readonly edgesUrl: string | null;
  readonly tokenHash: string | null;
  readonly trusted: TrustedProxies;
}

const nobody = new TrustedProxies([]);

/** The control service: publishes the configuration and tells how the fleet is. The media path works without it. */
export class Control {
  readonly #options: ControlOptions;
  readonly #since: string = new Date().toISOString();
  readonly #bucket: Bucket;
  readonly #fleet: Fleet;
  readonly #mirror: Mirror;
  readonly #deployment: string;
  readonly #startedMillis: number = performance.now();
  #mastersHash = '';
  readonly #stopped: StoppedProducers;
  readonly #gate: AdminGate;
  #applied: Applied | null = null;
  #server: Listening | null = null;

  private constructor(options: ControlOptions, bucket: Bucket, before: Configuration | null, stopped: StoppedProducers) {
    this.#options = options;
    this.#bucket = bucket;
    this.#stopped = stopped;
    this.#gate = new AdminGate(() => options.tokenHash ?? this.#applied?.tokenHash ?? null);
    this.#fleet = new Fleet(options.bus, options.subjects);
    this.#deployment = before?.deployment ?? randomUUID();
    this.#mirror = new Mirror({
      logger: options.logger.child('masters'),
      deployment: this.#deployment,
      before,
      usage: () => this.#usage(),
      apply: (configuration) => this.#publish(configuration),
    });
    addControlMetrics(options.metrics, () => this.status());
  }

  static async start(options: ControlOptions): Promise<Control> {
    const { bus, subjects } = options;
    const bucket = await bus.bucket(subjects.bucket('config'), { ttlMillis: bucketTtlMillis.config });
    for (const name of ['leases', 'epochs'] as const) await bus.prepare(subjects.bucket(name), { ttlMillis: bucketTtlMillis[name] });
    return new Control(options, bucket, await readBefore(bucket, options), await StoppedProducers.open(bus, subjects));
  }

  /** Makes it the fleet's configuration, with the streams of its masters. */
  async apply(configuration: Configuration): Promise<void> {
    this.#mastersHash = hashOfMasters(configuration.masters);
    await this.#mirror.apply(configuration);
  }

  /**
   * Serves the status page on its own address, and gives its URL; in standalone the edge serves it.
   *
   * @param tls for HTTPS; left out: plain HTTP
   * @throws ListenError when the address cannot be listened on
   */
  async listen(address: string, tls?: TlsOptions): Promise<string> {
    const { logger } = this.#options;
    const app = createApp(logger);
    const trusted = (): TrustedProxies => this.#applied?.trusted ?? nobody;
    app.use(this.answer(trusted));
    addStatusRoutes(app, () => this.status(), { edgesUrl: () => this.#applied?.edgesUrl ?? null }, trusted);
    this.#server = await listen(app, parseAddress(address), { logger, isTrusted: (from) => trusted().includes(from), tls });
    return this.#server.url;
  }

  /** Answers administrators, and Icecast's clients. */
  readonly answer: PushedSources['answer'] = (trusted) => {
    const { bus, subjects, instance, logger, reload } = this.#options;
    const parts = { bus, subjects, instance, reload, stopped: this.#stopped, status: () => this.status(), configuration: () => this.#configuration(this.#fleet.ingests(performance.now())) };
    return adminRoutes({ routes: administrationRoutes(parts), gate: this.#gate, logger, trusted });
  };

  /** With the streams of the sources that are there; null before there is one. */
  #configuration(ingests: readonly IngestStatus[]): Configuration | null {
    const patterns = this.#applied?.patterns;
    if (patterns === undefined) return null;
    return patterns.with(ingests.flatMap(({ producers }) => producers.flatMap(({ name }) => (patterns.isSource(name) ? name : []))));
  }

  status(): FleetStatus {
    const now = performance.now();
    const applied = this.#applied;
    const ingests = this.#fleet.ingests(now);
    const configuration = this.#configuration(ingests);
    const streams = Object.values(configuration?.streams ?? {}).map((stream) => {
      const hashes = applied?.hashes.streams.get(stream.name);
      return { ...stream, encoded: stream.encode !== null, ...hashed(hashes), ...(hashes === undefined ? {} : { source: hashes.source }) };
    });
    const feeds = Object.keys(configuration?.feeds ?? {}).map((name) => ({ name, ...hashed(applied?.hashes.feeds.get(name)) }));
    return fleetStatus({
      weirVersion: this.#options.version,
      deployment: this.#deployment,
      since: this.#since,
      time: new Date().toISOString(),
      streams,
      feeds,
      ...(applied === null ? {} : { settings: { listen: this.#options.listen ?? null, edge: applied.edgeHash, masters: this.#mastersHash, patterns: patternsOf(applied) } }),
      masters: this.#mirror.status(),
      stopped: this.#stopped.all,
      ingests,
      edges: this.#fleet.edges(now),
    });
  }

  /** Why it cannot serve the fleet; null when it can. */
  get notReady(): string | null {
    if (this.#applied === null) return 'no configuration published yet';
    return this.#options.bus.connected ? null : 'not connected to NATS';
  }

  async close(): Promise<void> {
    this.#mirror.close();
    this.#fleet.close();
    this.#stopped.close();
    await this.#server?.close();
  }

  async #publish(configuration: Configuration): Promise<void> {
    this.#options.onConfiguration?.(configuration);
    await publishConfiguration(this.#bucket, configuration, this.#options.configurationKey);
    this.#applied = {
      patterns: new PushPatterns(configuration),
      hashes: hashesOf(configuration),
      edgeHash: hashOf(configuration.edge),
      edgesUrl: configuration.edge.url,
      tokenHash: configuration.admin.tokenHash,
      trusted: new TrustedProxies(configuration.edge.trustedProxies),
    };
  }

  /** After a start it takes a while until every edge has told of its listeners. */
  #usage(): (stream: string) => boolean {
    const now = performance.now();
    if (now - this.#startedMillis < lostMillis) return () => true;
    const used = this.#fleet.streamsWithListeners(now);
    return (stream) => used.has(stream);
  }
}

/** Mirrored streams of the run before stay while their masters have not answered: nobody is disconnected by a restart of this. */
async function readBefore(bucket: Bucket, { logger, configurationKey }: ControlOptions): Promise<Configuration | null> {
  try {
    return await publishedConfiguration(bucket, configurationKey);
  } catch (error) {
    logger.warn('what was mirrored before is not known', { reason: String(error) });
    return null;
  }
}

function patternsOf({ patterns, hashes }: Applied): SettingsStatus['patterns'] {
  const hashOfFeed = (name: string): string => hashes.feeds.get(name)?.hash ?? '';
  return {
    feeds: patterns.all.flatMap(({ feeds }) => feeds.map(({ name }) => ({ name, configuration: hashOfFeed(name) }))),
    streams: patterns.all.flatMap(({ streams }) => streams.map(({ name, feed }) => ({ name, feed, configuration: hashes.streams.get(name)?.hash ?? '', source: hashes.streams.get(name)?.source ?? '' }))),
  };
}

function hashed(entity: EntityHash | undefined): { readonly configuration?: string } {
  return entity === undefined ? {} : { configuration: entity.hash };
}
