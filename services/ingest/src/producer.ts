import { createFramer, RecognisingFramer } from '@weir/framers';
import type { Framer } from '@weir/framers';
import type { FormatName, StreamFrame } from '@weir/media';
import { FrameRing } from '@weir/ring';
import { Backoff, FailureLog } from '@weir/supervisor';
import { RateMeter } from '@weir/telemetry';
import type { Logger, ProducerStatus } from '@weir/telemetry';
import { FlvContinuity } from './flv-continuity.ts';
import type { FrameSource } from './frame-source.ts';
import { firstMediaMillisMin, historyMillis, hungryMillis, watchMillis } from './limits.ts';
import type { ProducerOptions, ProducerSurroundings } from './producer-options.ts';
import { nextState } from './producer-state.ts';
import type { ProducerEvent, ProducerState } from './producer-state.ts';
import { Run } from './run.ts';
import type { Source, SourceEnd } from './source.ts';

/**
 * A feed or an encoder: one source that runs while somebody uses it, is started again when it fails, and whose frames stand
 * in a ring. Users are whoever calls {@link use}: publications, encoders, and the configuration for `continuous`.
 */
export class Producer implements FrameSource {
  readonly name: string;
  readonly ring: FrameRing = new FrameRing({ historyMillis });
  readonly #options: ProducerOptions;
  readonly #around: ProducerSurroundings;
  readonly #logger: Logger;
  readonly #users = new Set<object>();
  readonly #readers = new Set<() => void>();
  readonly #backoff: Backoff;
  readonly #failures = new FailureLog();
  readonly #rate = new RateMeter();
  #state: ProducerState = { mood: 'sleeping', since: Date.now() };
  /** As given, or as last recognised. */
  #format: FormatName | null;
  #run: Run | null = null;
  #source: Source | null = null;
  readonly #continuity = new FlvContinuity();
  /** Counts the starts, so that what belonged to an earlier one is recognised late. */
  #starts = 0;
  /** Starts that nobody asked for: after a failure or an end. */
  #restarts = 0;
  #timer: NodeJS.Timeout | null = null;
  #watch: NodeJS.Timeout | null = null;
  #lastError: string | null = null;
  #closed: { resolve: () => void } | null = null;
  #totals = { bytes: 0, frames: 0, skippedBytes: 0, gaps: 0 };

  constructor(options: ProducerOptions, around: ProducerSurroundings) {
    this.name = options.name;
    this.#options = options;
    this.#format = options.format;
    this.#backoff = new Backoff(Math.random, options.restartMillisMax);
    this.#around = around;
    this.#logger = around.logger.child(`${options.kind} ${options.name}`);
    this.heed();
  }

  get kind(): ProducerOptions['kind'] {
    return this.#options.kind;
  }

  get mood(): ProducerState['mood'] {
    return this.#state.mood;
  }

  /** True when it neither runs nor waits to run. */
  get idle(): boolean {
    return this.#users.size === 0 && this.#source === null && this.#timer === null;
  }

  get used(): boolean {
    return this.#users.size > 0;
  }

  use(user: object): void {
    this.#users.add(user);
    if (this.#options.starts === 'on-arrival') return;
    if (this.#timer !== null && this.#state.mood !== 'sad') this.#clearTimer();
    const asleep = this.#state.mood === 'sleeping' || (this.#state.mood === 'sad' && this.#timer === null && this.#options.restart);
    if (asleep && this.#source === null && this.#closed === null) this.#wake();
  }

  release(user: object): void {
    if (!this.#users.delete(user) || this.#users.size > 0 || this.#options.starts === 'on-arrival') return;
    const { active } = this.#options;
    const linger = active.mode === 'on-demand' ? active.lingerMillis : 0;
    this.#clearTimer();
    if (linger > 0) this.#timer = setTimeout(() => this.#sleep(), linger);
    else this.#sleep();
  }

  /** Its source is there: takes what it has to give, whether somebody uses it or not. */
  arrive(): void {
    if (this.#source === null && this.#closed === null && this.#state.mood !== 'waking' && this.#state.mood !== 'stopped') this.#wake();
  }

  subscribe(onFrames: () => void): () => void {
    this.#readers.add(onFrames);
    return () => this.#readers.delete(onFrames);
  }

  /** An administrator may have stopped it, or have let it start again. */
  heed(): void {
    const stopped = this.#around.isStopped(this.#options);
    if (stopped === (this.#state.mood === 'stopped')) return;
    if (stopped) {
      this.#clearTimer();
      this.#change({ event: 'stop' });
      this.#quiet('an administrator stopped it');
    } else {
      this.#change({ event: 'start' });
      if (this.#isWanted && this.#source === null) this.#wake();
    }
  }

  /** Kills what runs and starts it again at once; one that failed waits no longer. False: it does not run, and is not wanted. */
  restart(): boolean {
    const { mood } = this.#state;
    if (mood === 'stopped' || (this.#source === null && !this.#isWanted)) return false;
    this.#clearTimer();
    if (this.#source === null) {
      this.#wake();
    } else {
      // It wakes as soon as its source has ended, if somebody uses it; what it reads from then runs on.
      const reason = 'an administrator restarts it';
      this.#change({ event: 'sleep' });
      if (this.#isWanted) this.#source.stop(reason);
      else this.#quiet(reason);
    }
    return true;
  }

  /** Stops at once, whoever uses it: another ingest runs it now. */
  halt(): void {
    this.#users.clear();
    this.#sleep();
  }

  /** Ends it for good; fulfilled when its processes are gone. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => (this.#closed = { resolve }));
    this.halt();
    if (this.#source === null) this.#closed?.resolve();
    await closed;
  }

  status(): ProducerStatus {
    const state = this.#state;
    const run = this.#run;
    const faults = run?.faults ?? { skippedBytes: 0, gaps: 0 };
    const title = this.ring.title === null ? '' : Buffer.from(this.ring.title.payload).toString().split('\n', 1)[0];
    return {
      name: this.name,
      kind: this.#options.kind,
      mood: state.mood,
      since: new Date(state.since).toISOString(),
      lastError: this.#lastError,
      owner: this.#around.owner,
      pid: this.#source?.pid ?? null,
      format: this.#format,
      epoch: run?.epoch ?? null,
      restarts: this.#restarts,
      bytes: this.#totals.bytes + (run?.bytes ?? 0),
      frames: this.#totals.frames + (run?.frames ?? 0),
      skippedBytes: this.#totals.skippedBytes + faults.skippedBytes,
      gaps: this.#totals.gaps + faults.gaps,
      bitsPerSecond: Math.round(this.#rate.perSecond(performance.now()) * 8),
      ...(title === undefined || title === '' ? {} : { title }),
    };
  }

  #wake(): void {
    this.#change({ event: 'wake' });
    for (const parent of this.#options.parents) parent.use(this);
    const start = ++this.#starts;
    void this.#around.epochs.next(`${this.#options.kind} ${this.name}`).then((epoch) => {
      if (this.#starts === start && this.#state.mood === 'waking') this.#start(epoch);
    });
  }

  #start(epoch: number): void {
    const { blockBytes, program } = this.#options;
    const cutting = { blockBytes, ...(program === null ? {} : { program }) };
    // A run that ends before it has told its format is no other format than the one before it.
    const framerOf = (format: FormatName | null): Framer => (format === null ? new RecognisingFramer(cutting, this.#format ?? 'raw') : createFramer(format, cutting));
    const run = new Run(epoch, framerOf(this.#options.format), (frame) => this.#push(frame));
    this.#run = run;
    this.#source = this.#options.open({
      get leadMillis() {
        return run.leadMillis;
      },
      onFormat: (format) => {
        if (this.#options.format === null && run.bytes === 0) run.framer = framerOf(format);
      },
      onTitle: (title) => {
        run.title(title);
        for (const onFrames of this.#readers) onFrames();
      },
      onBytes: (chunk) => {
        // A command that was told to stop goes on for a moment.
        if (this.#rests) return;
        run.read(chunk);
        this.#rate.add(chunk.length, run.lastBytesMillis);
        for (const onFrames of this.#readers) onFrames();
      },
      onEnd: (end) => this.#sourceEnded(run, end),
    });
    this.#logger.debug('started', { pid: this.#source.pid, epoch });
    this.#watch = setInterval(() => this.#look(run), watchMillis);
  }

  #push(frame: StreamFrame): void {
    const { mood } = this.#state;
    const isMedia = frame.kind === 'random-access' || frame.kind === 'delta';
    if ((mood === 'waking' || mood === 'hungry') && isMedia) this.#change({ event: 'data' });
    if (frame.kind === 'init') this.#format = frame.format;
    this.ring.push(this.#continuity.apply(frame));
  }

  /** Each half second of a run: is anything coming, and has it been well for long enough to forget its failures? */
  #look(run: Run): void {
    const now = performance.now();
    const silent = now - run.lastBytesMillis;
    if (silent > hungryMillis && this.#state.mood === 'happy') this.#change({ event: 'silence' });
    if (run.hasFrames && now - run.startedMillis > 60_000) {
      const line = this.#failures.recovered(now);
      if (line !== null) this.#logger.info(line);
    }
    const { parents, stallMillis } = this.#options;
    // An encoder whose feed is silent is not to blame.
    if (parents.some((parent) => parent.mood !== 'happy')) return;
    const patienceMillis = run.hasFrames ? stallMillis : Math.max(stallMillis, firstMediaMillisMin);
    if (run.stalledMillis(now) > patienceMillis) {
      this.#lastError = `no media for ${patienceMillis / 1000} s`;
      this.#source?.stop(this.#lastError);
    }
  }

  #sourceEnded(run: Run, end: SourceEnd): void {
    if (!this.#rests) run.finish();
    if (this.#watch !== null) clearInterval(this.#watch);
    this.#totals.bytes += run.bytes;
    this.#totals.frames += run.frames;
    this.#totals.skippedBytes += run.faults.skippedBytes;
    this.#totals.gaps += run.faults.gaps;
    this.#source = null;
    this.#run = null;
    this.#closed?.resolve();
    if (this.#rests) {
      if (this.#state.mood === 'sleeping' && this.#isWanted) this.#wake();
    } else if (end.kind === 'finished' && (this.#options.onEnd === 'end' || this.#parentEnded)) {
      run.end();
      this.#logger.info('ended', { reason: end.description });
      this.#change({ event: 'finished' });
      this.#releaseParents();
      this.#around.onEnded(this.name);
    } else if (this.#options.starts === 'on-arrival') {
      this.#lastError = end.kind === 'failed' ? end.description : null;
      this.#logger.info('the source has left', { reason: end.description });
      this.#sleep();
    } else if (end.kind === 'finished' && this.#options.onEnd === 'loop' && run.hasFrames) {
      this.#restarts++;
      this.#wake();
    } else {
      this.#failed(end.description, performance.now() - run.startedMillis);
    }
    for (const onFrames of this.#readers) onFrames();
  }

  #failed(reason: string, ranMillis: number): void {
    this.#lastError = reason;
    this.#change({ event: 'failed', reason });
    const delay = this.#backoff.delayMillis(ranMillis);
    const line = this.#failures.failed(reason, performance.now());
    if (line !== null) this.#logger.error(line, this.#options.restart ? { restartsInSeconds: Math.round(delay / 100) / 10 } : {});
    if (!this.#options.restart) {
      this.#releaseParents();
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#restarts++;
      this.#wake();
    }, delay);
  }

  #sleep(): void {
    this.#clearTimer();
    if (this.#state.mood === 'ended' || this.#state.mood === 'stopped') return;
    this.#change({ event: 'sleep' });
    this.#quiet('nobody uses it');
  }

  #quiet(reason: string): void {
    // Who joins after it has slept gets nothing of what was before.
    this.ring.clear();
    this.#releaseParents();
    this.#source?.stop(reason);
  }

  /** What its source still gives is of no use. */
  get #rests(): boolean {
    return this.#state.mood === 'sleeping' || this.#state.mood === 'stopped';
  }

  /** Somebody uses it, and that is what starts it. */
  get #isWanted(): boolean {
    return this.#users.size > 0 && this.#closed === null && this.#options.starts === 'when-used';
  }

  get #parentEnded(): boolean {
    return this.#options.parents.some((parent) => parent.mood === 'ended');
  }

  #releaseParents(): void {
    for (const parent of this.#options.parents) parent.release(this);
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #change(event: ProducerEvent): void {
    const before = this.#state;
    this.#state = nextState(before, event, Date.now());
    if (this.#state.mood === before.mood) return;
    // Failures have lines of their own, and not one for each attempt.
    const isAttempt = (before.mood === 'waking' && event.event === 'failed') || before.mood === 'sad';
    this.#logger[isAttempt ? 'debug' : 'info'](this.#state.mood, { was: before.mood });
  }
}
