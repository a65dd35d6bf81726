import type { StreamFrame } from '@weir/media';
import { FrameRing, joinPoint } from '@weir/ring';
import type { Logger } from '@weir/telemetry';
import type { Epochs } from './epochs.ts';
import { FlvContinuity } from './flv-continuity.ts';
import type { FrameSource } from './frame-source.ts';
import { fallbackPatienceMillis, fallbackReturnMillis, fallbackWatchMillis, historyMillis } from './limits.ts';
import type { ProducerState } from './producer-state.ts';

/** One of the sources, and since when it has or has not given media. Monotonic milliseconds. */
interface Candidate {
  readonly source: FrameSource;
  upSinceMillis: number | null;
  /** When it was last started; null while it is not used. */
  usedMillis: number | null;
  readonly unsubscribe: () => void;
}

/** The source that is on, and how far it was taken. */
interface Current {
  readonly candidate: Candidate;
  /** The next frame of its ring. */
  index: number;
  /** The epoch of its own that is being taken. */
  sourceEpoch: number;
  /** The epoch it is given here; null while that is asked for. */
  epoch: number | null;
}

/**
 * A feed with what takes its place: gives the frames of the first of its sources that has any, in an epoch for each change, and
 * each begun at a random access frame. The feed itself comes back once it has given media for a while without a break.
 */
export class FallbackSwitch implements FrameSource {
  readonly name: string;
  readonly ring: FrameRing = new FrameRing({ historyMillis });
  readonly #candidates: readonly Candidate[];
  readonly #epochs: Epochs;
  readonly #logger: Logger;
  readonly #users = new Set<object>();
  readonly #readers = new Set<() => void>();
  readonly #continuity = new FlvContinuity();
  #current: Current | null = null;
  #sequence = 0;
  #group = 0;
  #timer: NodeJS.Timeout | null = null;

  /** @param sources the feed, then its fallbacks in the order of preference */
  constructor(name: string, sources: readonly FrameSource[], epochs: Epochs, logger: Logger) {
    this.name = name;
    this.#epochs = epochs;
    this.#logger = logger.child(`fallback ${name}`);
    this.#candidates = sources.map((source): Candidate => {
      const candidate: Candidate = {
        source,
        upSinceMillis: null,
        usedMillis: null,
        unsubscribe: source.subscribe(() => {
          if (this.#current?.candidate === candidate) this.#take();
        }),
      };
      return candidate;
    });
  }

  get mood(): ProducerState['mood'] {
    return this.#current?.candidate.source.mood ?? this.#candidates[0]?.source.mood ?? 'sleeping';
  }

  use(user: object): void {
    this.#users.add(user);
    if (this.#timer !== null) return;
    this.#timer = setInterval(() => this.#look(), fallbackWatchMillis);
    this.#look();
  }

  release(user: object): void {
    if (!this.#users.delete(user) || this.#users.size > 0) return;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    for (const candidate of this.#candidates) this.#rest(candidate);
    this.#current = null;
    this.ring.clear();
  }

  subscribe(onFrames: () => void): () => void {
    this.#readers.add(onFrames);
    return () => this.#readers.delete(onFrames);
  }

  /** Nothing of it may go on. */
  close(): void {
    for (const user of this.#users) this.release(user);
    for (const { unsubscribe } of this.#candidates) unsubscribe();
  }

  /** Which sources are to run, and which of them is on. */
  #look(): void {
    const now = performance.now();
    for (const candidate of this.#candidates) {
      if (candidate.source.mood !== 'happy') candidate.upSinceMillis = null;
      else candidate.upSinceMillis ??= now;
    }
    const isUp = ({ upSinceMillis }: Candidate): boolean => upSinceMillis !== null;
    const on = this.#current?.candidate ?? null;
    const onIsUp = on !== null && isUp(on);
    const best = this.#candidates.find((candidate) => isUp(candidate) && (!onIsUp || candidate === on || now - (candidate.upSinceMillis ?? now) >= fallbackReturnMillis));
    if (best !== undefined && best !== on) this.#switchTo(best);
    this.#start(now);
  }

  /** The feed always runs, and of those after it as many as it takes until one gives something. */
  #start(now: number): void {
    let needed = true;
    for (const candidate of this.#candidates) {
      if (!needed) {
        this.#rest(candidate);
        continue;
      }
      if (candidate.usedMillis === null) {
        candidate.usedMillis = now;
        candidate.source.use(this);
      }
      const { mood } = candidate.source;
      const hopeless = mood === 'sad' || mood === 'sleeping' || mood === 'ended' || mood === 'stopped';
      needed = candidate.upSinceMillis === null && (hopeless || now - candidate.usedMillis > fallbackPatienceMillis || this.#current !== null);
      // What is on stays so until a better one is on.
      if (this.#current !== null && this.#candidates.indexOf(this.#current.candidate) > this.#candidates.indexOf(candidate)) needed = true;
    }
  }

  #rest(candidate: Candidate): void {
    if (candidate.usedMillis === null) return;
    candidate.usedMillis = null;
    candidate.upSinceMillis = null;
    candidate.source.release(this);
  }

  #switchTo(candidate: Candidate): void {
    const { source } = candidate;
    this.#logger.info(source.name === this.#candidates[0]?.source.name ? 'the feed is on' : 'a fallback is on', { feed: source.name });
    const index = joinPoint(source.ring, { mode: 'keyframe' });
    const first = index < source.ring.head ? source.ring.at(index) : source.ring.init;
    this.#current = { candidate, index, sourceEpoch: first?.epoch ?? 0, epoch: null };
    void this.#begin(this.#current);
  }

  /** Asks for a new epoch, then goes on with what has come meanwhile. */
  async #begin(current: Current): Promise<void> {
    const epoch = await this.#epochs.next(`fallback ${this.name}`);
    if (this.#current !== current) return;
    current.epoch = epoch;
    this.#sequence = 0;
    this.#group = 0;
    const { ring } = current.candidate.source;
    const bringsInit = current.index >= ring.tail && current.index < ring.head && ring.at(current.index).kind === 'init';
    if (!bringsInit) for (const context of [ring.initAt(current.index), ring.title]) if (context !== null) this.#push(context, epoch);
    this.#take();
  }

  #take(): void {
    const current = this.#current;
    if (current === null || current.epoch === null) return;
    const { ring } = current.candidate.source;
    for (current.index = Math.max(current.index, ring.tail); current.index < ring.head; current.index++) {
      const frame = ring.at(current.index);
      if (frame.epoch !== current.sourceEpoch) {
        current.sourceEpoch = frame.epoch;
        current.epoch = null;
        void this.#begin(current);
        return;
      }
      // When it ends, another takes its place.
      if (frame.kind !== 'end') this.#push(frame, current.epoch);
    }
    for (const onFrames of this.#readers) onFrames();
  }

  #push(frame: StreamFrame, epoch: number): void {
    if (frame.kind === 'random-access') this.#group++;
    const placed: StreamFrame = { ...frame, epoch, sequence: this.#sequence++, group: this.#group };
    this.ring.push(this.#continuity.apply(placed));
  }
}
