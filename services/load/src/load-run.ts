import { Cast } from './cast.ts';
import { Churn } from './churn.ts';
import { DelayHistogram } from './delay-histogram.ts';
import { readBytes, settleMillis, slowReadBytes, startsPerTickMax, tickMillis } from './limits.ts';
import { LoadListener } from './load-listener.ts';
import type { ListenerSurroundings } from './load-listener.ts';
import type { LoadOptions } from './load-options.ts';
import type { LoadReport } from './load-report.ts';
import type { Progress, Standing } from './progress.ts';
import { startedBy } from './ramp.ts';
import { ReadPace } from './read-pace.ts';
import { sourceAddresses } from './source-addresses.ts';
import type { SourceAddress } from './source-addresses.ts';
import { StreamRate } from './stream-rate.ts';
import { tally } from './tally.ts';
import type { Target } from './target.ts';

const now = (): number => performance.now();

/** One run from the first connection to the report. */
export class LoadRun {
  readonly #options: LoadOptions;
  readonly #progress: Progress;
  readonly #cast: Cast;
  readonly #around: ListenerSurroundings;
  readonly #sourceAddress: SourceAddress;
  readonly #churn: Churn;
  readonly #listeners: LoadListener[] = [];
  readonly #paced: LoadListener[] = [];
  /** One listener's pauses are its own, the speed of the slow ones is the same. */
  readonly #slowPaces: ReadPace[] = [];
  readonly #rate = new StreamRate();
  readonly #delays = new DelayHistogram();
  readonly #startedMillis = now();
  readonly #utilisation = performance.eventLoopUtilization();
  /** When the last listener was started, and what all had got by then; null before. */
  #allStarted: { readonly atMillis: number; readonly bytes: number } | null = null;
  #shown = { atMillis: now(), bytes: 0 };

  constructor(options: LoadOptions, target: Target, progress: Progress) {
    this.#options = options;
    this.#progress = progress;
    this.#cast = new Cast(options);
    this.#around = {
      target,
      nowMillis: now,
      nowNanos: () => process.hrtime.bigint(),
      onDelay: (millis) => this.#takeDelay(millis),
      buffer: Buffer.allocUnsafeSlow(readBytes),
      slowBuffer: Buffer.allocUnsafeSlow(slowReadBytes),
    };
    // A connection of the churn lasts for a second at most; its port is blocked for some time afterwards.
    this.#sourceAddress = sourceAddresses(options.from, target, options.listeners + 60 * options.churnPerSecond);
    this.#churn = new Churn(options.churnPerSecond, this.#sourceAddress, this.#around);
  }

  /** Ends after the duration, when no listener is left, or by the signal. */
  async run(interruption: AbortSignal): Promise<LoadReport> {
    await new Promise<void>((resolve, reject) => {
      const timer = setInterval(() => {
        try {
          if (!interruption.aborted && !this.#tick()) return;
          clearInterval(timer);
          resolve();
        } catch (error) {
          clearInterval(timer);
          reject(error);
        }
      }, tickMillis);
    });
    return this.#finish(interruption.aborted);
  }

  /** Does what is due; true when the run is over. */
  #tick(): boolean {
    const nowMillis = now();
    const elapsedMillis = nowMillis - this.#startedMillis;
    this.#startDue(elapsedMillis);
    this.#churn.tick(elapsedMillis);
    for (const listener of this.#paced) listener.resumeIfReady(nowMillis);
    if (nowMillis - this.#shown.atMillis >= 1000) this.#look(nowMillis);
    if (this.#allStarted === null) return false;
    return nowMillis - this.#allStarted.atMillis >= this.#options.durationMillis || this.#listeners.every(({ isOver }) => isOver);
  }

  #startDue(elapsedMillis: number): void {
    const { listeners, rampMillis } = this.#options;
    const due = Math.min(startedBy(elapsedMillis, listeners, rampMillis), this.#listeners.length + startsPerTickMax);
    while (this.#listeners.length < due) this.#start(this.#listeners.length);
    if (this.#listeners.length === listeners) this.#allStarted ??= { atMillis: now(), bytes: this.#readerBytes() };
  }

  #start(index: number): void {
    const part = this.#cast.part(index);
    const pace = this.#paceOf(part.role === 'slow');
    const listener = new LoadListener(part, pace, this.#sourceAddress(index), this.#around);
    this.#listeners.push(listener);
    if (pace !== null) this.#paced.push(listener);
  }

  #paceOf(isSlow: boolean): ReadPace | null {
    const { bytesPerSecondMax } = this.#options;
    if (!isSlow) return bytesPerSecondMax === null ? null : new ReadPace(bytesPerSecondMax);
    const pace = new ReadPace(this.#slowBytesPerSecond());
    this.#slowPaces.push(pace);
    return pace;
  }

  /** Without a limit as long as nobody knows the stream's rate. */
  #slowBytesPerSecond(): number {
    return (this.#rate.bytesPerSecond ?? Number.POSITIVE_INFINITY) / 2;
  }

  /** Once a second. */
  #look(nowMillis: number): void {
    const standing = this.#standing(nowMillis);
    this.#progress.show(standing);
    if (this.#cast.counts.slow === 0) return;
    this.#rate.sample(this.#steady(), nowMillis);
    for (const pace of this.#slowPaces) pace.bytesPerSecond = this.#slowBytesPerSecond();
  }

  *#steady(): Iterable<LoadListener> {
    for (const listener of this.#listeners) {
      if (listener.role === 'steady') yield listener;
    }
  }

  #standing(nowMillis: number): Standing {
    const bytes = this.#readerBytes();
    const bitsPerSecond = (8000 * (bytes - this.#shown.bytes)) / (nowMillis - this.#shown.atMillis);
    this.#shown = { atMillis: nowMillis, bytes };
    const counts = { connecting: 0, waiting: 0, receiving: 0, refused: 0, failed: 0, closed: 0 };
    let gaps = 0;
    for (const { state, check } of this.#listeners) {
      counts[state.is]++;
      gaps += check?.gaps ?? 0;
    }
    return { ...counts, elapsedSeconds: (nowMillis - this.#startedMillis) / 1000, listeners: this.#options.listeners, started: this.#listeners.length, bitsPerSecond, gaps };
  }

  #readerBytes(): number {
    let bytes = 0;
    for (const listener of this.#listeners) {
      if (listener.role !== 'stalled') bytes += listener.bytes;
    }
    return bytes;
  }

  #takeDelay(millis: number): void {
    if (this.#allStarted !== null && now() - this.#allStarted.atMillis >= settleMillis) this.#delays.add(millis);
  }

  #finish(interrupted: boolean): LoadReport {
    const nowMillis = now();
    this.#progress.end();
    this.#churn.end();
    const since = this.#allStarted ?? { atMillis: this.#startedMillis, bytes: 0 };
    const report = tally({
      options: this.#options,
      counts: this.#cast.counts,
      listeners: this.#listeners,
      churn: this.#churn,
      delays: this.#delays,
      seconds: (nowMillis - this.#startedMillis) / 1000,
      bitsPerSecond: (8000 * (this.#readerBytes() - since.bytes)) / Math.max(1, nowMillis - since.atMillis),
      interrupted,
      testerUtilisation: performance.eventLoopUtilization(this.#utilisation).utilization,
    });
    for (const listener of this.#listeners) listener.release();
    return report;
  }
}
