/** Takes one message. The payload is shared: read-only. A throw is reported and hurts no other subscription. */
export type OnMessage = (payload: Uint8Array, subject: string, reply: string | null) => void;

/** Ends a subscription or a watch; safe to repeat. */
export interface Subscription {
  unsubscribe(): void;
}

/**
 * Publish and subscribe, at most once, in order per publisher. Callbacks may run before `publish` returns.
 * Subjects are tokens parted by dots; a subscription may use `*` for one token and `>` for the rest.
 */
export interface Channel {
  /**
   * Hands the message over. False: it was dropped, because there is no connection or it is congested beyond its bound;
   * nothing is ever queued for later. The payload must not be changed afterwards.
   */
  publish(subject: string, payload: Uint8Array): boolean;

  subscribe(subject: string, onMessage: OnMessage): Subscription;

  /**
   * Asks and gathers answers until an empty one ends them: a responder publishes any number of messages to `reply`, then an
   * empty one.
   *
   * @throws BusError `no-responder` at once when nobody subscribes to the subject; `timeout` when no message has come for
   *   `timeoutMillis`; `too-large` beyond `bytesMax`; `disconnected`
   */
  collect(subject: string, payload: Uint8Array, limits: CollectLimits): Promise<Uint8Array[]>;

  /** Milliseconds that the newest unconfirmed publish has been on its way; 0 when the bus keeps up. */
  readonly lagMillis: number;

  /** What went over it since it was opened; null where nothing leaves the process. */
  readonly traffic: Traffic | null;
}

/** Totals of one channel, payloads and headers of the protocol's messages; `dropped` are those that `publish` refused. */
export interface Traffic {
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly messagesIn: number;
  readonly messagesOut: number;
  readonly dropped: number;
}

/** How long an answer may pause, and how large it may be. */
export interface CollectLimits {
  readonly timeoutMillis: number;
  readonly bytesMax: number;
}

/** A value of a bucket and the revision it was written with; revisions of one bucket only grow. */
export interface Entry {
  readonly key: string;
  readonly value: Uint8Array;
  readonly revision: number;
}

/** Small shared state: configuration, leases. Keys are letters, digits and `-_=./`. */
export interface Bucket {
  get(key: string): Promise<Entry | null>;
  put(key: string, value: Uint8Array): Promise<number>;
  /** The new revision; null when the key has a value already. */
  create(key: string, value: Uint8Array): Promise<number | null>;
  /** The new revision; null when the key is no longer at `revision`. */
  update(key: string, value: Uint8Array, revision: number): Promise<number | null>;
  /** Deletes the key, or does nothing when `revision` is given and the key is no longer at it. */
  delete(key: string, revision?: number): Promise<void>;
  /**
   * Tells the value there is (null: none), then each change (null: deleted), across reconnects and the loss of the bucket.
   * Expiry by ttl raises no event: poll with `create`.
   */
  watch(key: string, onEntry: (entry: Entry | null) => void): Subscription;
}

export interface BucketOptions {
  /** A value not renewed for this long is gone; 0: values stay. */
  readonly ttlMillis: number;
  /** Another process makes it: this one may not, and is told that there is no value until it is there. */
  readonly madeElsewhere?: true;
}

/**
 * What weir's services share, on one box or many. Frames and control have channels of their own so that a congested stream
 * never delays a lease.
 */
export interface Bus {
  readonly frames: Channel;
  readonly control: Channel;
  /**
   * Opens a bucket, creating it when it is not there.
   *
   * @param name tokens parted by dots; without JetStream it is a subject
   * @throws BusError `no-key-value` when what keeps it does not answer
   */
  bucket(name: string, options: BucketOptions): Promise<Bucket>;
  /** Makes a bucket for others who may not, and again should the server lose it; does nothing where the bus keeps none. */
  prepare(name: string, options: BucketOptions): Promise<void>;
  readonly connected: boolean;
  /** Tells each later change of {@link connected}. */
  onConnection(listener: (connected: boolean) => void): Subscription;
  /** What it is connected to, without credentials, for logs and the status page. */
  readonly description: string;
  /** Sends what is on its way and closes; later calls do nothing. */
  close(): Promise<void>;
}

/** Called with what a subscriber's callback threw: the bus goes on. */
export type OnCallbackError = (error: unknown, subject: string) => void;
