import { randomUUID } from 'node:crypto';
import type { Bucket, Bus } from '@weir/bus';
import { hashesOf, hashOf, hashOfMasters, publishConfiguration, publishedConfiguration, PushPatterns } from '@weir/config';
import type { Configuration, ConfigurationHashes, EntityHash } from '@weir/config';
import { addStatusRoutes, createApp, listen, localUrl, parseAddress } from '@weir/http';
import type { Listening } from '@weir/http';
import { fleetStatus } from '@weir/telemetry';
import type { FleetStatus, Logger, Metrics, SettingsStatus } from '@weir/telemetry';
import { bucketTtlMillis } from '@weir/wire';
import type { Subjects } from '@weir/wire';
import { addControlMetrics } from './control-metrics.ts';
import { Fleet } from './fleet.ts';
import { lostMillis } from './limits.ts';
import { Mirror } from './masters/mirror.ts';

/** What control is started with. */
export interface ControlOptions {
  readonly version: string;
  readonly bus: Bus;
  readonly subjects: Subjects;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** The configuration's `listen`, when that is where this process listens. */
  readonly listen?: string;
  /** What else in this process takes each configuration, before it is published. */
  readonly onConfiguration?: (configuration: Configuration) => void;
  /** What published configurations are signed with; null: nothing. */
  readonly configurationKey: Uint8Array | null;
}

/** A configuration with what `/stat.json` tells of it. */
interface Applied {
  readonly patterns: PushPatterns;
  readonly hashes: ConfigurationHashes;
  readonly edgeHash: string;
}

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
  #applied: Applied | null = null;
  #server: Listening | null = null;

  private constructor(options: ControlOptions, bucket: Bucket, before: Configuration | null) {
    this.#options = options;
    this.#bucket = bucket;
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
    return new Control(options, bucket, await readBefore(bucket, options));
  }

  /** Makes it the fleet's configuration, with the streams of its masters. */
  async apply(configuration: Configuration): Promise<void> {
    this.#mastersHash = hashOfMasters(configuration.masters);
    await this.#mirror.apply(configuration);
  }

  /**
   * Serves the status page on its own address; in standalone the edge serves it.
   *
   * @throws ListenError when the address cannot be listened on
   */
  async listen(address: string): Promise<string> {
    const { logger } = this.#options;
    const app = createApp((error, method, path) => logger.error('a request failed', { method, path, reason: String(error) }));
    addStatusRoutes(app, () => this.status());
    this.#server = await listen(app, parseAddress(address));
    return localUrl(this.#server.address);
  }

  status(): FleetStatus {
    const now = performance.now();
    const applied = this.#applied;
    const ingests = this.#fleet.ingests(now);
    const sources = ingests.flatMap(({ producers }) => producers.flatMap(({ name }) => (applied?.patterns.isSource(name) === true ? name : [])));
    const configuration = applied?.patterns.with(sources);
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
    await this.#server?.close();
  }

  async #publish(configuration: Configuration): Promise<void> {
    this.#options.onConfiguration?.(configuration);
    await publishConfiguration(this.#bucket, configuration, this.#options.configurationKey);
    this.#applied = { patterns: new PushPatterns(configuration), hashes: hashesOf(configuration), edgeHash: hashOf(configuration.edge) };
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
