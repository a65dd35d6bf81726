import { createInbox } from 'nats';
import type { Msg, NatsConnection } from 'nats';
import { BusError } from './bus-error.ts';
import type { Channel, CollectLimits, OnCallbackError, OnMessage, Subscription, Traffic } from './bus.ts';
import { Collector, noResponder } from './collector.ts';

/**
 * Milliseconds without a word from the server after which nothing more is published: the library would keep it all in memory.
 * Long enough for a server that writes a snapshot to disk, short enough for a stream of 40 Mbit/s to stay below 20 MB.
 */
const lagMillisMax = 4000;

/** Milliseconds between two soundings of the connection. */
const soundingMillis = 50;

/** One NATS connection as a channel. */
export class NatsChannel implements Channel {
  /** Set by the bus, which follows the connection's status. */
  connected = true;
  readonly #connection: NatsConnection;
  readonly #onCallbackError: OnCallbackError;
  readonly #inboxPrefix: string;
  readonly #onRoundTrip: (seconds: number) => void;
  #dropped = 0;
  /** When the flush that has not come back yet was sent; null when none is out. */
  #flushSince: number | null = null;
  #lastFlush = 0;

  /**
   * @param inboxPrefix where replies to this role go, so that permissions can keep other roles from reading them
   * @param onRoundTrip told how long each sounding of the connection took
   */
  constructor(connection: NatsConnection, inboxPrefix: string, onCallbackError: OnCallbackError, onRoundTrip: (seconds: number) => void) {
    this.#connection = connection;
    this.#inboxPrefix = inboxPrefix;
    this.#onCallbackError = onCallbackError;
    this.#onRoundTrip = onRoundTrip;
  }

  get lagMillis(): number {
    return this.#flushSince === null ? 0 : performance.now() - this.#flushSince;
  }

  get traffic(): Traffic {
    const { inBytes, outBytes, inMsgs, outMsgs } = this.#connection.stats();
    return { bytesIn: inBytes, bytesOut: outBytes, messagesIn: inMsgs, messagesOut: outMsgs, dropped: this.#dropped };
  }

  publish(subject: string, payload: Uint8Array): boolean {
    if (!this.connected || this.lagMillis > lagMillisMax || this.#connection.isClosed()) {
      this.#dropped++;
      return false;
    }
    this.#connection.publish(subject, payload);
    this.#sound();
    return true;
  }

  subscribe(subject: string, onMessage: OnMessage): Subscription {
    const subscription = this.#connection.subscribe(subject, {
      callback: (error, message) => {
        // A throw in here would silence every subscription of the connection until the server is given up.
        try {
          if (error === null) onMessage(message.data, message.subject, message.reply ?? null);
          // The bus tells of it, as of what may not be published.
          else if (!error.isPermissionError()) this.#onCallbackError(error, subject);
        } catch (thrown) {
          this.#onCallbackError(thrown, subject);
        }
      },
    });
    return { unsubscribe: () => subscription.unsubscribe() };
  }

  async collect(subject: string, payload: Uint8Array, limits: CollectLimits): Promise<Uint8Array[]> {
    if (!this.connected) throw new BusError('disconnected', `${subject}: not connected to NATS`);
    const reply = createInbox(this.#inboxPrefix);
    const collector = new Collector(subject, limits);
    const inbox = this.#connection.subscribe(reply, {
      callback: (error, message) => {
        if (error !== null) collector.fail(new BusError('disconnected', `${subject}: ${error.message}`, { cause: error }));
        else if (isNoResponder(message)) collector.fail(noResponder(subject));
        else collector.take(message.data);
      },
    });
    this.#connection.publish(subject, payload, { reply });
    return collector.done.finally(() => inbox.unsubscribe());
  }

  /** At most one flush is out at a time: its way there and back is what the server and the socket are behind. */
  #sound(): void {
    const now = performance.now();
    if (this.#flushSince !== null || now - this.#lastFlush < soundingMillis) return;
    this.#flushSince = now;
    const done = (): void => {
      this.#flushSince = null;
      this.#lastFlush = performance.now();
    };
    const answered = (): void => {
      done();
      this.#onRoundTrip((this.#lastFlush - now) / 1000);
    };
    this.#connection.flush().then(answered, done);
  }
}

function isNoResponder(message: Msg): boolean {
  return message.data.length === 0 && message.headers?.code === 503;
}
