import type { StreamConfiguration } from '@weir/config';
import type { Bus } from '@weir/bus';
import type { InitFrame, StreamTitle } from '@weir/media';
import { FrameRing, readAhead } from '@weir/ring';
import type { Join, Start } from '@weir/ring';
import { StreamSubscription } from '@weir/subscriber';
import type { Demands } from '@weir/subscriber';
import { RateMeter } from '@weir/telemetry';
import type { EdgeStreamStatus, Logger } from '@weir/telemetry';
import type { Subjects } from '@weir/wire';
import type { Load } from './capacity.ts';
import type { FanOut, FanOutTarget } from './fan-out.ts';
import { frameParts } from './framing.ts';
import { Gathering } from './gathering.ts';
import { behindMillis, historyMarginMillis, stalledMillis, writeBytesMax } from './limits.ts';
import type { Listener, ListenerEnd } from './listener.ts';
import { PictureRequests } from './pictures/picture-requests.ts';
import { readShared } from './shared-read.ts';
import type { SharedRead } from './shared-read.ts';
import { admissionTo, Waiting } from './waiting.ts';
import type { OnAdmission } from './waiting.ts';

export interface MountSurroundings {
  readonly edge: string;
  readonly bus: Bus;
  readonly subjects: Subjects;
  readonly demands: Demands;
  readonly logger: Logger;
  readonly fanOut: FanOut;
  /** Called once for every listener, after its end. */
  readonly onListenerEnd: (mount: Mount, listener: Listener, reason: ListenerEnd) => void;
  /** Called when nobody is left. */
  readonly onIdle?: (mount: Mount) => void;
}

/** Listeners between two looks at the clock: some tenths of a millisecond. */
const looksPerClock = 32;

/** A URL path on this edge that serves one stream: its subscription while somebody listens, and those listeners. */
export class Mount implements FanOutTarget {
  /** For those who want to see it once. */
  readonly pictures: PictureRequests;
  #stream: StreamConfiguration;
  readonly #published: string;
  readonly #around: MountSurroundings;
  readonly #listeners = new Set<Listener>();
  readonly #waiting = new Waiting();
  readonly #rateOut = new RateMeter();
  readonly #gathering: Gathering;
  #subscription: StreamSubscription | null = null;
  /** Where a pass that is not over goes on, and whether somebody it has come to could take more. */
  #walk: IterableIterator<Listener> | null = null;
  #leavesMore = false;
  #peak = 0;
  #total = 0;
  #bytesOut = 0;
  /** The title that was decoded last. */
  #playing: { readonly frame: StreamTitle; readonly text: string } | null = null;
  #skips = 0;
  #past = { bytesIn: 0, gapsMended: 0, gapsLost: 0 };

  /** @param published the name on the bus, where that is not the stream's own */
  constructor(stream: StreamConfiguration, around: MountSurroundings, published: string = stream.name) {
    this.#stream = stream;
    this.#around = around;
    this.#published = published;
    this.#gathering = new Gathering(() => around.fanOut.announce(this));
    this.pictures = new PictureRequests({ ...around, stream: stream.name });
  }

  /** The mount that takes one more listener: this one. */
  open(): Mount {
    return this;
  }

  get stream(): StreamConfiguration {
    return this.#stream;
  }

  /** Another configuration of the same stream: listeners stay, and what concerns them holds from now on. */
  reconfigure(stream: StreamConfiguration): void {
    this.#stream = stream;
  }

  get listeners(): ReadonlySet<Listener> {
    return this.#listeners;
  }

  /** Listeners whose connection does not keep up. */
  get behind(): number {
    if (this.#subscription === null) return 0;
    return [...this.#listeners].filter((listener) => listener.full && this.lagMillis(listener) > behindMillis).length;
  }

  get delaySeconds(): number | null {
    return this.#subscription?.delaySeconds(performance.now()) ?? null;
  }

  /** How far one of its listeners is behind the newest frame. */
  lagMillis({ cursor }: Listener): number {
    return this.#subscription?.ring.lagMillis(cursor.index) ?? 0;
  }

  /** The init in force; null while nothing is known. */
  get init(): InitFrame | null {
    return this.#subscription?.ring.init ?? null;
  }

  /** What it serves and holds now. */
  get load(): Load {
    const listeners = this.#listeners.size + this.#waiting.size;
    return { listeners, bitsPerSecond: listeners * this.bitsPerSecond };
  }

  /** What one listener takes, as far as is known. */
  get bitsPerSecond(): number {
    return this.#subscription?.counts(performance.now()).bitsPerSecondIn ?? 0;
  }

  /**
   * Wakes the stream and calls `settle` once: with an admission when a listener can start, who is then to be added before
   * `settle` returns, or {@link settle} called; with null when `start_timeout` has passed or the request was given up.
   */
  admit(start: Start, join: Join, signal: AbortSignal, settle: OnAdmission): void {
    const admission = admissionTo(this.#wake(join).ring, start, join);
    if (admission !== null) {
      settle(admission);
      return;
    }
    this.#waiting.add(start, this.stream.startTimeoutMillis, signal, (late) => {
      settle(late);
      this.settle();
    });
    this.settle();
  }

  add(listener: Listener): void {
    this.#listeners.add(listener);
    this.#total++;
    this.#peak = Math.max(this.#peak, this.#listeners.size);
    listener.socket.on('drain', () => {
      // Who reads slowly is full again at once, and at every look.
      listener.progressMillis = performance.now();
      this.#pump(listener);
    });
    listener.socket.once('close', () => this.#remove(listener));
    this.settle();
    this.#pump(listener);
  }

  /** Writes what is new to every listener that can take it, or to as many as that time is enough for; the next pass begins with the others. */
  pass(untilMillis: number): boolean {
    const ring = this.#subscription?.ring;
    if (ring === undefined) return false;
    this.#waiting.admit(ring);
    const before = this.#bytesOut;
    if (this.#walk === null) this.#leavesMore = false;
    const walk = this.#walk ?? this.#listeners.values();
    this.#walk = null;
    let shared: SharedRead | null = null;
    let looks = 0;
    for (const listener of walk) {
      const { cursor } = listener;
      if (cursor.index < ring.head && listener.ended === null && !listener.full) {
        if (cursor.state === 'following' && listener.icy === null) shared = this.#share(listener, ring, shared);
        else this.#pump(listener);
        if (cursor.index < ring.head && cursor.state === 'following' && !listener.full) this.#leavesMore = true;
      }
      if (++looks % looksPerClock === 0 && performance.now() > untilMillis) {
        this.#walk = walk;
        break;
      }
    }
    this.#rateOut.add(this.#bytesOut - before, performance.now());
    return this.#walk !== null || this.#leavesMore;
  }

  /** About once a second: silence, and listeners who do not keep up. */
  tick(nowMillis: number): void {
    const subscription = this.#subscription;
    if (subscription === null) return;
    for (const listener of this.#listeners) this.#look(listener, subscription.ring, nowMillis);
    if (subscription.silentMillis(nowMillis) > this.stream.graceMillis && subscription.state(nowMillis) === 'silent') this.endAll('source-lost');
  }

  endAll(reason: ListenerEnd): void {
    for (const listener of this.#listeners) listener.end(reason);
  }

  /** The stream is no longer configured here. */
  close(reason: ListenerEnd): void {
    this.#waiting.giveUp();
    this.pictures.close();
    this.endAll(reason);
    if (this.#listeners.size === 0) this.#sleep();
  }

  status(nowMillis: number): EdgeStreamStatus {
    const counts = this.#subscription?.counts(nowMillis) ?? { bytesIn: 0, bitsPerSecondIn: 0, gapsMended: 0, gapsLost: 0 };
    let skips = this.#skips;
    for (const listener of this.#listeners) skips += listener.cursor.skips;
    return {
      name: this.stream.name,
      path: this.stream.path,
      state: this.#subscription?.state(nowMillis) ?? 'idle',
      contentType: this.stream.contentType ?? this.init?.contentType ?? null,
      listeners: this.#listeners.size,
      listenersPeak: this.#peak,
      listenersTotal: this.#total,
      bytesIn: this.#past.bytesIn + counts.bytesIn,
      bytesOut: this.#bytesOut,
      bitsPerSecondIn: counts.bitsPerSecondIn,
      bitsPerSecondOut: Math.round(this.#rateOut.perSecond(nowMillis) * 8),
      skips,
      gapsMended: this.#past.gapsMended + counts.gapsMended,
      gapsLost: this.#past.gapsLost + counts.gapsLost,
    };
  }

  #wake(join: Join): StreamSubscription {
    if (this.#subscription !== null) return this.#subscription;
    const { edge, bus, subjects, demands, logger } = this.#around;
    this.#subscription = new StreamSubscription({
      stream: this.#published,
      instance: edge,
      bus,
      subjects,
      demands,
      logger: logger.child(`stream ${this.stream.name}`),
      ring: new FrameRing({ historyMillis: this.stream.maxLagMillis + historyMarginMillis }),
      behindMillis: join.mode === 'behind' ? join.behindMillis : 0,
      onFrames: () => this.#gathering.came(this.#waiting.size > 0 ? 0 : this.stream.gatherMillis),
    });
    this.#subscription.demand(1);
    return this.#subscription;
  }

  /** Tells the subscription how many there are; without any it goes. */
  settle(): void {
    const present = this.#listeners.size + this.#waiting.size;
    if (present > 0) this.#subscription?.demand(present);
    else this.#sleep();
  }

  #sleep(): void {
    if (this.#subscription === null) return;
    const { bytesIn, gapsMended, gapsLost } = this.#subscription.counts(performance.now());
    this.#past = { bytesIn: this.#past.bytesIn + bytesIn, gapsMended: this.#past.gapsMended + gapsMended, gapsLost: this.#past.gapsLost + gapsLost };
    this.#subscription.close();
    this.#gathering.close();
    this.#walk = null;
    this.#subscription = null;
    this.#around.onIdle?.(this);
  }

  /** Writes what all who stand at one listener's place get; gives it, for the next of them. */
  #share(listener: Listener, ring: FrameRing, shared: SharedRead | null): SharedRead {
    const { cursor } = listener;
    const read = shared !== null && shared.from === cursor.index && shared.epoch === cursor.epoch ? shared : readShared(ring, cursor);
    if (read.bytes > 0) this.#write(listener, (read.framed[listener.framing] ??= frameParts(read.parts, read.bytes, listener.framing)));
    cursor.follow(read.after);
    if (cursor.state !== 'following') this.#pump(listener);
    return read;
  }

  /** Writes on from one listener's own place: one that joins, or comes back after its socket was full. */
  #pump(listener: Listener): void {
    const ring = this.#subscription?.ring;
    if (ring === undefined || listener.ended !== null) return;
    const parts: Uint8Array[] = [];
    while (!listener.full && listener.ended === null && listener.cursor.state !== 'ended') {
      const bytes = readAhead(ring, listener.cursor, writeBytesMax, parts);
      if (bytes === 0) break;
      const out = listener.icy === null ? { parts, bytes } : listener.icy.interleave(parts, this.#titleIn(ring));
      this.#write(listener, frameParts(out.parts, out.bytes, listener.framing));
      parts.length = 0;
    }
    if (listener.cursor.state === 'ended' && !listener.full) {
      listener.end(ring.newest?.kind === 'end' && listener.cursor.index === ring.head - 1 ? 'source-ended' : 'format-changed');
    }
  }

  /** What is on, or what the stream is called. */
  #titleIn(ring: FrameRing): string {
    const told = ring.title;
    if (told === null) return this.stream.title ?? this.stream.name;
    if (this.#playing?.frame !== told) this.#playing = { frame: told, text: Buffer.from(told.payload).toString() };
    return this.#playing.text;
  }

  #write(listener: Listener, framed: Uint8Array): void {
    listener.write(framed);
    this.#bytesOut += framed.length;
    if (this.stream.bytesMax !== null && listener.bytes >= this.stream.bytesMax) listener.end('limit');
  }

  #look(listener: Listener, ring: FrameRing, nowMillis: number): void {
    if (this.stream.durationMillisMax !== null && nowMillis - listener.startedMillis > this.stream.durationMillisMax) listener.end('limit');
    if (!listener.full) {
      listener.progressMillis = nowMillis;
      if (!this.#gathering.waits) this.#pump(listener);
      return;
    }
    if (nowMillis - listener.progressMillis > stalledMillis) {
      listener.end('stalled');
      // It may have been ended cleanly before, and never read its last bytes.
      listener.socket.destroy();
      return;
    }
    if (ring.lagMillis(listener.cursor.index) <= this.stream.maxLagMillis) return;
    if (this.stream.slow === 'disconnect') listener.end('slow');
    else listener.cursor.skipToNewest(ring);
  }

  #remove(listener: Listener): void {
    if (!this.#listeners.delete(listener)) return;
    listener.end('left');
    this.#skips += listener.cursor.skips;
    this.#around.onListenerEnd(this, listener, listener.ended ?? 'left');
    this.settle();
  }
}
