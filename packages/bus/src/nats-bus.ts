import { connect, ErrorCode, NatsError } from 'nats';
import type { ConnectionOptions, NatsConnection } from 'nats';
import { BusError } from './bus-error.ts';
import type { Bucket, BucketOptions, Bus, Channel, OnCallbackError, Subscription } from './bus.ts';
import { DeniedSubjects } from './denied-subjects.ts';
import type { OnDenied } from './denied-subjects.ts';
import { HeardBucket } from './heard-bucket.ts';
import { messageBytesDefault } from './limits.ts';
import { accessSettings, withoutCredentials } from './nats-access.ts';
import type { NatsAccess } from './nats-access.ts';
import { NatsBucket } from './nats-bucket.ts';
import { NatsChannel } from './nats-channel.ts';

export interface NatsOptions {
  /**
   * `nats://[user:password@]host:port`, `tls:` for TLS and nothing else; one or more nodes of one cluster. The credentials of the
   * first that has some are used.
   */
  readonly servers: readonly string[];
  readonly access: NatsAccess;
  /** `ingest`, `edge`, `control`: names the connections and keeps one role's replies apart from another's. */
  readonly role: string;
  readonly instance: string;
  readonly onCallbackError: OnCallbackError;
  /** Told when no server lets this in, again when that is for another reason, and once a minute; and when buckets are waited for. */
  readonly onWaiting: (reason: string) => void;
  /** Told once when the server has no JetStream: buckets then are kept by those who use them. */
  readonly onWithoutKeyValue: () => void;
  /** Told how long a message to the server and its answer took, 20 times a second at most while something is published. */
  readonly onRoundTrip?: (channel: 'frames' | 'control', seconds: number) => void;
  /** Told what the server does not let this user do, once for each subject until the next reconnect. */
  readonly onDenied: OnDenied;
  readonly signal?: AbortSignal;
}

/** Milliseconds between attempts to reach a server, and added at random so that a fleet does not come back as one. */
const reconnectWaitMillis = 200;
const reconnectJitterMillis = 200;

/** Milliseconds after which it is told again that no server lets this in. */
const waitingMillis = 60_000;

const withoutOption: string = ErrorCode.ServerOptionNotAvailable;
const timedOut: string = ErrorCode.Timeout;

/** A server that is silent for this long times `maxPingOut` is given up: a stopped one keeps its sockets open. */
const pingIntervalMillis = 5000;

/**
 * The bus over NATS: two connections, one for frames and one for control, so that a stream that the server holds back never
 * delays a lease. Waits for a server to answer, for as long as `signal` allows.
 */
export async function connectNats(options: NatsOptions): Promise<Bus> {
  const [frames, control] = await Promise.all([open(options, 'frames'), open(options, 'control')]);
  return new NatsBus(frames, control, options);
}

async function open(options: NatsOptions, purpose: string): Promise<NatsConnection> {
  const settings: ConnectionOptions = {
    servers: options.servers.map(withoutCredentials),
    name: `weir ${options.role}/${options.instance} ${purpose}`,
    maxReconnectAttempts: -1,
    reconnectTimeWait: reconnectWaitMillis,
    reconnectJitter: reconnectJitterMillis,
    timeout: 2000,
    pingInterval: pingIntervalMillis,
    maxPingOut: 2,
    noAsyncTraces: true,
    inboxPrefix: inboxPrefix(options),
    // The library's own look-up asks name servers about names that only the system's resolver knows.
    resolve: false,
    // A password may change here and there at different times.
    ignoreAuthErrorAbort: true,
    ...accessSettings(options.servers, options.access),
  };
  for (let told = '', toldMillis = -Infinity; ; ) {
    try {
      return await connect(settings);
    } catch (error) {
      if (options.signal?.aborted === true) throw new BusError('disconnected', 'stopped while waiting for NATS', { cause: error });
      const reason = reasonOf(error);
      if (purpose === 'control' && (reason !== told || performance.now() - toldMillis > waitingMillis)) {
        [told, toldMillis] = [reason, performance.now()];
        options.onWaiting(reason);
      }
      await new Promise((resolve) => setTimeout(resolve, reconnectWaitMillis));
    }
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof NatsError)) return error instanceof Error ? error.message : String(error);
  if (error.code === withoutOption && error.message === 'tls') return 'the server has no TLS';
  // A server with TLS 1.3 that misses a client's certificate goes away when the client takes the handshake for done.
  if (error.code === timedOut) return 'no answer in time: the server is stopped or far away, or wants a client certificate (--nats-cert)';
  return error.message;
}

function inboxPrefix(options: NatsOptions): string {
  return `_INBOX_${options.role}`;
}

class NatsBus implements Bus {
  readonly frames: Channel;
  readonly control: Channel;
  readonly description: string;
  readonly #connections: readonly NatsConnection[];
  readonly #controlConnection: NatsConnection;
  readonly #channels: readonly NatsChannel[];
  readonly #listeners = new Set<(connected: boolean) => void>();
  readonly #onCallbackError: OnCallbackError;
  readonly #onWaiting: (reason: string) => void;
  readonly #onWithoutKeyValue: () => void;
  readonly #denied: DeniedSubjects;
  readonly #domain: string | null;
  readonly #buckets: (NatsBucket | HeardBucket)[] = [];
  #connected = true;
  /** For good, once the first bucket was opened: a server that gets JetStream later does not part those who run from each other. */
  #withoutKeyValue = false;

  constructor(frames: NatsConnection, control: NatsConnection, options: NatsOptions) {
    this.#connections = [frames, control];
    this.#controlConnection = control;
    this.#onCallbackError = options.onCallbackError;
    this.#onWaiting = options.onWaiting;
    this.#onWithoutKeyValue = options.onWithoutKeyValue;
    this.#denied = new DeniedSubjects(options.onDenied);
    this.#domain = options.access.domain;
    const channel = (name: 'frames' | 'control', connection: NatsConnection): NatsChannel =>
      new NatsChannel(connection, inboxPrefix(options), options.onCallbackError, (seconds) => options.onRoundTrip?.(name, seconds));
    const channels = [channel('frames', frames), channel('control', control)] as const;
    [this.frames, this.control] = channels;
    this.#channels = channels;
    this.description = options.servers.map(withoutCredentials).join(', ');
    for (const [index, connection] of this.#connections.entries()) void this.#follow(connection, this.#channels[index]);
  }

  get connected(): boolean {
    return this.#connected;
  }

  onConnection(listener: (connected: boolean) => void): Subscription {
    this.#listeners.add(listener);
    return { unsubscribe: () => void this.#listeners.delete(listener) };
  }

  async bucket(name: string, options: BucketOptions): Promise<Bucket> {
    return (await this.#openKept(name, options)) ?? this.#openHeard(name, options);
  }

  async prepare(name: string, options: BucketOptions): Promise<void> {
    await this.#openKept(name, options);
  }

  /** Null without JetStream. */
  async #openKept(name: string, options: BucketOptions): Promise<NatsBucket | null> {
    if (this.#withoutKeyValue) return null;
    const bucket = await NatsBucket.open({ connection: this.#controlConnection, domain: this.#domain, name, ...options, onCallbackError: this.#onCallbackError, onWaiting: this.#onWaiting });
    if (bucket !== null) this.#buckets.push(bucket);
    return bucket;
  }

  #openHeard(subject: string, { ttlMillis }: BucketOptions): HeardBucket {
    if (!this.#withoutKeyValue) this.#onWithoutKeyValue();
    this.#withoutKeyValue = true;
    const messageBytesMax = (): number => this.#controlConnection.info?.max_payload ?? messageBytesDefault;
    const bucket = new HeardBucket({ channel: this.control, subject, ttlMillis, messageBytesMax, onCallbackError: this.#onCallbackError });
    this.#buckets.push(bucket);
    return bucket;
  }

  async close(): Promise<void> {
    for (const bucket of this.#buckets) bucket.close();
    await Promise.allSettled(
      this.#connections.map((connection, index) => (this.#channels[index]?.connected === true ? connection.drain() : connection.close())),
    );
  }

  /** The one reader of the connection's status: each further one would be a queue that nobody bounds. */
  async #follow(connection: NatsConnection, channel: NatsChannel | undefined): Promise<void> {
    for await (const status of connection.status()) {
      this.#denied.hear(status);
      if (status.type !== 'disconnect' && status.type !== 'reconnect') continue;
      const connected = status.type === 'reconnect';
      if (channel !== undefined) channel.connected = connected;
      if (connected && connection === this.#controlConnection) for (const bucket of this.#buckets) bucket.reopen();
      const all = this.#channels.every((each) => each.connected);
      if (all === this.#connected) continue;
      this.#connected = all;
      for (const listener of this.#listeners) this.#tell(listener, all);
    }
  }

  #tell(listener: (connected: boolean) => void, connected: boolean): void {
    try {
      listener(connected);
    } catch (error) {
      this.#onCallbackError(error, 'connection');
    }
  }
}
