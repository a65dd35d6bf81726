import { connect } from 'nats';
import type { ConnectionOptions, NatsConnection } from 'nats';
import { BusError } from './bus-error.ts';
import type { Bucket, BucketOptions, Bus, Channel, OnCallbackError, Subscription } from './bus.ts';
import { HeardBucket } from './heard-bucket.ts';
import { messageBytesDefault } from './limits.ts';
import { NatsBucket } from './nats-bucket.ts';
import { NatsChannel } from './nats-channel.ts';

export interface NatsOptions {
  /** `nats://[user:password@]host:port`, one or more nodes of one cluster; the credentials of the first that has some are used. */
  readonly servers: readonly string[];
  /** `ingest`, `edge`, `control`: names the connections and keeps one role's replies apart from another's. */
  readonly role: string;
  readonly instance: string;
  readonly onCallbackError: OnCallbackError;
  /** Told once when no server answers, and then no more until it does. */
  readonly onWaiting: (reason: string) => void;
  /** Told once when the server has no JetStream: buckets then are kept by those who use them. */
  readonly onWithoutKeyValue: () => void;
  /** Told how long a message to the server and its answer took, 20 times a second at most while something is published. */
  readonly onRoundTrip?: (channel: 'frames' | 'control', seconds: number) => void;
  readonly signal?: AbortSignal;
}

/** Milliseconds between attempts to reach a server, and added at random so that a fleet does not come back as one. */
const reconnectWaitMillis = 200;
const reconnectJitterMillis = 200;

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
    ...credentialsOf(options.servers),
  };
  for (let waiting = false; ; ) {
    try {
      return await connect(settings);
    } catch (error) {
      if (options.signal?.aborted === true) throw new BusError('disconnected', 'stopped while waiting for NATS', { cause: error });
      if (!waiting && purpose === 'control') options.onWaiting(error instanceof Error ? error.message : String(error));
      waiting = true;
      await new Promise((resolve) => setTimeout(resolve, reconnectWaitMillis));
    }
  }
}

/** The library does not look for them in a URL. A user without a password is a token, as for NATS's own tools. */
function credentialsOf(servers: readonly string[]): ConnectionOptions {
  for (const server of servers) {
    const [, user, password] = /^(?:\w+:\/\/)?([^:@/]+)(?::([^@/]*))?@/.exec(server) ?? [];
    if (user === undefined) continue;
    return password === undefined ? { token: decodeURIComponent(user) } : { user: decodeURIComponent(user), pass: decodeURIComponent(password) };
  }
  return {};
}

function withoutCredentials(server: string): string {
  return server.replace(/^((?:\w+:\/\/)?)[^@/]*@/, '$1');
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
  readonly #onWithoutKeyValue: () => void;
  readonly #buckets: (NatsBucket | HeardBucket)[] = [];
  #connected = true;
  /** For good, once the first bucket was opened: a server that gets JetStream later does not part those who run from each other. */
  #withoutKeyValue = false;

  constructor(frames: NatsConnection, control: NatsConnection, options: NatsOptions) {
    this.#connections = [frames, control];
    this.#controlConnection = control;
    this.#onCallbackError = options.onCallbackError;
    this.#onWithoutKeyValue = options.onWithoutKeyValue;
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
    const kept = this.#withoutKeyValue ? null : await NatsBucket.open(this.#controlConnection, name, options, this.#onCallbackError);
    const bucket = kept ?? this.#openHeard(name, options);
    this.#buckets.push(bucket);
    return bucket;
  }

  #openHeard(subject: string, { ttlMillis }: BucketOptions): HeardBucket {
    if (!this.#withoutKeyValue) this.#onWithoutKeyValue();
    this.#withoutKeyValue = true;
    const messageBytesMax = (): number => this.#controlConnection.info?.max_payload ?? messageBytesDefault;
    return new HeardBucket({ channel: this.control, subject, ttlMillis, messageBytesMax, onCallbackError: this.#onCallbackError });
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
