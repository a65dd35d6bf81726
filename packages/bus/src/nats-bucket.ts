import { ErrorCode, NatsError, StorageType } from 'nats';
import type { JetStreamClient, JetStreamManagerOptions, KV, KvEntry, NatsConnection, QueuedIterator } from 'nats';
import { BusError } from './bus-error.ts';
import type { Bucket, BucketOptions, Entry, OnCallbackError, Subscription } from './bus.ts';
import { replicate, withReplicas } from './nats-replicas.ts';

/** JetStream's answer to a compare-and-set that lost. */
const wrongLastSequence = 10071;

/** Nobody answers, or JetStream says that it cannot, as while the servers of a cluster have not agreed on a leader. */
const unavailable: string = ErrorCode.NoResponders;

const timedOut: string = ErrorCode.Timeout;

/** This user may not ask JetStream, nor need it where there is none. */
const forbidden: string = ErrorCode.PermissionsViolation;

/** JetStream's answer about a bucket that is not there. */
const noSuchStream = 10059;

/** JetStream's answers where the server, or the account, is not to use it. */
const notEnabled: readonly number[] = [10039, 10076];

/** Milliseconds between attempts to open a bucket or a watch again after a reconnect: JetStream starts after the server. */
const reopenMillis = 250;

/** Milliseconds that JetStream may take to start, and a cluster to agree on leaders, its own and a bucket's. */
const openMillisMax = 30_000;

/** What a bucket is opened with. */
export interface NatsBucketOptions extends BucketOptions {
  readonly connection: NatsConnection;
  /** The JetStream domain it is in; null: the server's own. */
  readonly domain: string | null;
  /** Dots in it become `_`, since JetStream allows none. */
  readonly name: string;
  readonly onCallbackError: OnCallbackError;
  /** Told once why it takes its time to be opened. */
  readonly onWaiting: (reason: string) => void;
}

/** A JetStream key-value bucket. Watches are made anew after each reconnect; the library's own come back late or never. */
export class NatsBucket implements Bucket {
  readonly #options: NatsBucketOptions;
  readonly #watches = new Set<Watch>();
  #kv: KV;
  #closed = false;
  #opening = false;
  #unopened = false;

  private constructor(kv: KV, options: NatsBucketOptions) {
    this.#kv = kv;
    this.#options = options;
  }

  /**
   * Null when the server runs without JetStream. Waits half a minute for one that does not answer yet.
   *
   * @throws BusError `no-key-value` when its JetStream does not answer; `denied` when this user may not ask it
   */
  static async open(options: NatsBucketOptions): Promise<NatsBucket | null> {
    const started = performance.now();
    for (let told = false; ; told = true) {
      try {
        return await NatsBucket.#openOnce(options);
      } catch (error) {
        if (!(error instanceof BusError) || error.code !== 'no-key-value' || performance.now() - started > openMillisMax) throw error;
        if (!told) options.onWaiting('its JetStream does not answer yet, as while the servers of a cluster agree on a leader');
        await new Promise((resolve) => setTimeout(resolve, reopenMillis));
      }
    }
  }

  static async #openOnce(options: NatsBucketOptions): Promise<NatsBucket | null> {
    try {
      return new NatsBucket(await openKv(options), options);
    } catch (error) {
      if (!(error instanceof NatsError)) throw error;
      if (options.madeElsewhere === true && (isMissing(error) || isFarAway(error, options))) return new NatsBucket(await bindKv(options, true), options);
      if (isWithoutJetStream(error, options)) return null;
      if (error.code === forbidden) throw new BusError('denied', `NATS does not let this user use the bucket ${options.name}: ${error.message}; deploy/nats/permissions.conf has what each role needs`, { cause: error });
      if (error.code !== unavailable && error.code !== timedOut) throw error;
      throw new BusError('no-key-value', `${options.domain === null ? 'the JetStream of this NATS server' : `the JetStream domain ${options.domain}`} does not answer: its log says why`, { cause: error });
    }
  }

  async get(key: string): Promise<Entry | null> {
    const entry = await this.#kv.get(key);
    return entry === null || entry.operation !== 'PUT' ? null : { key, value: entry.value, revision: entry.revision };
  }

  put(key: string, value: Uint8Array): Promise<number> {
    return this.#kv.put(key, value);
  }

  create(key: string, value: Uint8Array): Promise<number | null> {
    return nullWhenLost(this.#kv.create(key, value));
  }

  update(key: string, value: Uint8Array, revision: number): Promise<number | null> {
    return nullWhenLost(this.#kv.update(key, value, revision));
  }

  async delete(key: string, revision?: number): Promise<void> {
    await nullWhenLost(this.#kv.delete(key, revision === undefined ? {} : { previousSeq: revision }));
  }

  watch(key: string, onEntry: (entry: Entry | null) => void): Subscription {
    const watch = new Watch(key, onEntry, () => void this.#openWatches(), this.#options.onCallbackError);
    this.#watches.add(watch);
    void this.#openWatches();
    return {
      unsubscribe: () => {
        this.#watches.delete(watch);
        watch.end();
      },
    };
  }

  /** Makes the bucket, if it is lost, and every watch anew. */
  reopen(): void {
    for (const watch of this.#watches) watch.stop();
    void this.#openWatches();
  }

  close(): void {
    this.#closed = true;
    for (const watch of this.#watches) watch.end();
  }

  /** Opens every watch that is not open, one loop at a time, again and again until the server has answered for all. */
  async #openWatches(): Promise<void> {
    this.#unopened = true;
    if (this.#opening) return;
    this.#opening = true;
    while (this.#unopened && !this.#closed) {
      this.#unopened = false;
      try {
        this.#kv = await openKv(this.#options);
        for (const watch of this.#watches) await watch.start(this.#kv);
      } catch (error) {
        // The server is away or JetStream is not ready yet; a disconnect is told by the bus, so this only tries again.
        this.#unopened = true;
        if (error instanceof NatsError && isMissing(error)) for (const watch of this.#watches) watch.findNothing();
        await new Promise((resolve) => setTimeout(resolve, reopenMillis));
      }
    }
    this.#opening = false;
  }
}

async function openKv(options: NatsBucketOptions): Promise<KV> {
  const { connection, ttlMillis } = options;
  if (options.madeElsewhere !== true) {
    const kv = await withReplicas((replicas) => jetStream(options).views.kv(bucketName(options), { history: 1, storage: StorageType.File, ttl: ttlMillis, replicas }));
    await replicate(await connection.jetstreamManager(jetStreamOptions(options)), `KV_${bucketName(options)}`);
    return kv;
  }
  const manager = await connection.jetstreamManager(jetStreamOptions(options));
  const { config } = await manager.streams.info(`KV_${bucketName(options)}`);
  return bindKv(options, config.allow_direct);
}

/** Whether or not it is there. */
function bindKv(options: NatsBucketOptions, direct: boolean): Promise<KV> {
  return jetStream(options).views.kv(bucketName(options), { bindOnly: true, allow_direct: direct });
}

function jetStream(options: NatsBucketOptions): JetStreamClient {
  return options.connection.jetstream(jetStreamOptions(options));
}

/** The library need not ask for the account first: that takes a permission of its own, and the buckets tell as much. */
function jetStreamOptions({ domain }: NatsBucketOptions): JetStreamManagerOptions {
  return { checkAPI: false, ...(domain === null ? {} : { domain }) };
}

function bucketName({ name }: NatsBucketOptions): string {
  return name.replaceAll('.', '_');
}

function isMissing({ api_error }: NatsError): boolean {
  return api_error?.err_code === noSuchStream;
}

/** A domain that is named is there, whether or not it can be reached just now. */
function isFarAway({ code }: NatsError, { domain }: NatsBucketOptions): boolean {
  return domain !== null && (code === unavailable || code === timedOut);
}

/** A JetStream that is only away for a moment does not count: others may be using its buckets. */
function isWithoutJetStream({ code, api_error }: NatsError, { connection, domain }: NatsBucketOptions): boolean {
  if (api_error !== undefined) return api_error.err_code !== undefined && notEnabled.includes(api_error.err_code);
  return domain === null && connection.info?.jetstream !== true && (code === unavailable || code === forbidden);
}

async function nullWhenLost<T>(attempt: Promise<T>): Promise<T | null> {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof NatsError && error.api_error?.err_code === wrongLastSequence) return null;
    throw error;
  }
}

/** One watched key: started on a bucket, stopped with it, and started again; a value already told is not told twice. */
class Watch {
  readonly #key: string;
  readonly #onEntry: (entry: Entry | null) => void;
  readonly #onLost: () => void;
  readonly #onCallbackError: OnCallbackError;
  #entries: QueuedIterator<KvEntry> | null = null;
  #told: number | null | undefined;
  /** Counts the stops, so that a start that one overtook gives up. */
  #stops = 0;
  #ended = false;

  /** @param onLost called when the library has given it up: it wants to be started again */
  constructor(key: string, onEntry: (entry: Entry | null) => void, onLost: () => void, onCallbackError: OnCallbackError) {
    this.#key = key;
    this.#onEntry = onEntry;
    this.#onLost = onLost;
    this.#onCallbackError = onCallbackError;
  }

  async start(kv: KV): Promise<void> {
    if (this.#entries !== null || this.#ended) return;
    const stops = this.#stops;
    const entries = await kv.watch({ key: this.#key });
    if (stops !== this.#stops) {
      entries.stop();
      return;
    }
    this.#entries = entries;
    // A watch says nothing when there is no value, so the value is read once beside it.
    const entry = await this.#read(kv, stops);
    if (stops !== this.#stops) return;
    this.#tell(entry);
    void this.#follow(entries, entry?.revision ?? 0);
  }

  /** @throws NatsError when nobody answers, as while a cluster has no leader for the bucket: then it is not started */
  async #read(kv: KV, stops: number): Promise<KvEntry | null> {
    try {
      return await kv.get(this.#key);
    } catch (error) {
      // Unless it has been started anew meanwhile.
      if (stops === this.#stops) this.stop();
      throw error;
    }
  }

  /** The bucket itself is not there. */
  findNothing(): void {
    if (!this.#ended) this.#tell(null);
  }

  /** Until the next start. */
  stop(): void {
    this.#stops++;
    this.#entries?.stop();
    this.#entries = null;
  }

  /** For good. */
  end(): void {
    this.#ended = true;
    this.stop();
  }

  async #follow(entries: QueuedIterator<KvEntry>, known: number): Promise<void> {
    try {
      for await (const entry of entries) {
        if (this.#entries === entries && entry.revision > known) this.#tell(entry);
      }
    } catch {
      // Its consumer was lost and could not be had again: the bucket is gone, or this user may no longer watch it.
    }
    if (this.#entries !== entries) return;
    this.stop();
    this.#onLost();
  }

  #tell(entry: KvEntry | null): void {
    const value = entry === null || entry.operation !== 'PUT' ? null : { key: this.#key, value: entry.value, revision: entry.revision };
    const revision = value?.revision ?? null;
    if (revision === this.#told) return;
    this.#told = revision;
    try {
      this.#onEntry(value);
    } catch (error) {
      this.#onCallbackError(error, this.#key);
    }
  }
}
