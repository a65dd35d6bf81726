import { BusError } from '@weir/bus';
import type { Bus, Subscription } from '@weir/bus';
import type { Position, StreamFrame } from '@weir/media';
import { Sequencer } from '@weir/ring';
import type { FrameRing } from '@weir/ring';
import { RateMeter } from '@weir/telemetry';
import type { EdgeStreamStatus, Logger } from '@weir/telemetry';
import { encodeControl, MessageReader } from '@weir/wire';
import type { Subjects } from '@weir/wire';
import { steadyMillis } from './steady-time.ts';
import type { Demands } from './demands.ts';
import { silentMillis, snapshotBytesMax, snapshotRetryMillis, snapshotTimeoutMillis } from './limits.ts';

/** What a subscription is made with. */
export interface SubscriptionOptions {
  readonly stream: string;
  /** Who subscribes: the name of this edge or ingest. */
  readonly instance: string;
  readonly bus: Bus;
  readonly subjects: Subjects;
  readonly demands: Demands;
  readonly logger: Logger;
  /** Where the frames go; nobody else pushes into it. */
  readonly ring: FrameRing;
  /** How much history the first listener wants. */
  readonly behindMillis: number;
  /** Called after frames were added to the ring. */
  readonly onFrames: () => void;
}

/**
 * The one subscription that a process has to a stream, shared by all who listen there, from the first to the last of them: it
 * says how many there are, subscribes, brings snapshot and live frames into a ring, and asks again when something is missing.
 */
export class StreamSubscription {
  readonly ring: FrameRing;
  readonly #options: SubscriptionOptions;
  readonly #snapshotSubject: string;
  readonly #subscriptions: readonly Subscription[];
  readonly #reader = new MessageReader();
  readonly #sequencer: Sequencer;
  readonly #rate = new RateMeter();
  #listeners = 0;
  #retry: NodeJS.Timeout | null = null;
  #retryMillis: number = snapshotRetryMillis.first;
  #frameMillis: number = performance.now();
  #bytes = 0;
  #closed = false;

  constructor(options: SubscriptionOptions) {
    const { stream, bus, subjects } = options;
    this.#options = options;
    this.#snapshotSubject = subjects.snapshot(stream);
    this.ring = options.ring;
    this.#sequencer = new Sequencer(
      (frame) => this.ring.push(frame),
      (after) => void this.#ask(after),
    );
    this.#subscriptions = [
      bus.frames.subscribe(subjects.frames(stream), (payload) => this.#receive(payload)),
      bus.onConnection((connected) => {
        if (connected) this.#sequencer.start();
      }),
    ];
  }

  /** Its listeners now. The first call starts it. */
  demand(listeners: number): void {
    const { demands, stream } = this.#options;
    const first = this.#listeners === 0 && listeners > 0;
    this.#listeners = listeners;
    if (first) {
      demands.say(stream, listeners);
      this.#sequencer.start();
    } else {
      demands.count(stream, listeners);
    }
  }

  /** `waiting`: no frame came yet. */
  state(nowMillis: number): Exclude<EdgeStreamStatus['state'], 'idle'> {
    if (this.ring.newest?.kind === 'end') return 'ended';
    if (this.ring.newest === undefined) return 'waiting';
    return nowMillis - this.#frameMillis > silentMillis ? 'silent' : 'live';
  }

  /** Milliseconds since the last frame, or since it began. */
  silentMillis(nowMillis: number): number {
    return nowMillis - this.#frameMillis;
  }

  /** From the source to here, of the newest frame, by the clocks of both machines; null while none arrives. */
  delaySeconds(nowMillis: number): number | null {
    const { newest } = this.ring;
    if (newest === undefined || this.state(nowMillis) !== 'live') return null;
    return Math.max(0, steadyMillis() - this.silentMillis(nowMillis) - newest.capturedMillis) / 1000;
  }

  counts(nowMillis: number): { bytesIn: number; bitsPerSecondIn: number; gapsMended: number; gapsLost: number } {
    const { mendedGaps: gapsMended, lostGaps: gapsLost } = this.#sequencer;
    return { bytesIn: this.#bytes, bitsPerSecondIn: Math.round(this.#rate.perSecond(nowMillis) * 8), gapsMended, gapsLost };
  }

  /** The last listener left: the owner hears it at once. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listeners = 0;
    if (this.#retry !== null) clearTimeout(this.#retry);
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#options.demands.say(this.#options.stream, 0);
  }

  #receive(payload: Uint8Array): void {
    if (this.#closed) return;
    this.#reader.read(payload, this.#live);
    this.#arrived(payload.length);
  }

  readonly #live = (frame: StreamFrame): void => this.#sequencer.live(frame);

  #arrived(bytes: number): void {
    this.#frameMillis = performance.now();
    this.#bytes += bytes;
    this.#rate.add(bytes, this.#frameMillis);
    this.#options.onFrames();
  }

  async #ask(after: Position | null): Promise<void> {
    const { bus, instance, behindMillis, logger } = this.#options;
    const request = encodeControl({ edge: instance, listeners: this.#listeners, after, behindMillis });
    try {
      const limits = { timeoutMillis: snapshotTimeoutMillis, bytesMax: snapshotBytesMax };
      const messages = await bus.frames.collect(this.#snapshotSubject, request, limits);
      if (this.#closed) return;
      this.#retryMillis = snapshotRetryMillis.first;
      const frames: StreamFrame[] = [];
      const reader = new MessageReader();
      for (const message of messages) reader.read(message, (frame) => frames.push(frame));
      this.#sequencer.snapshot(frames);
      if (frames.length > 0) this.#arrived(messages.reduce((bytes, message) => bytes + message.length, 0));
    } catch (error) {
      if (!(error instanceof BusError)) throw error;
      if (this.#closed) return;
      logger.debug('no snapshot', { reason: error.message });
      this.#sequencer.snapshotFailed();
      if (this.ring.newest === undefined) this.#askAgain();
    }
  }

  /** Nobody owns the stream yet, or the owner is busy: its first frame needs no snapshot, but a running stream's next does. */
  #askAgain(): void {
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.#retry = null;
      if (this.ring.newest === undefined) this.#sequencer.start();
    }, this.#retryMillis);
    this.#retryMillis = Math.min(this.#retryMillis * 2, snapshotRetryMillis.last);
  }
}
