import { fanOutRestMillisMax, fanOutSliceMillis, fanOutUtilisation } from './limits.ts';
import { Pacing } from './pacing.ts';
import { Rhythm } from './rhythm.ts';

/** Something that has news for its listeners. */
export interface FanOutTarget {
  /**
   * Writes what is new to every listener that can take it. True when it is not over: it went on until then (monotonic, milliseconds), or
   * has more for somebody.
   */
  pass(untilMillis: number): boolean;
}

/** When the next pass starts. */
type Next = { readonly state: 'open' } | { readonly state: 'soon' } | { readonly state: 'resting'; readonly timer: NodeJS.Timeout };
const open: Next = { state: 'open' };
const soon: Next = { state: 'soon' };

/**
 * The one loop of an edge process that writes to listeners: a pass over every stream with news, paced as a whole. A pass that takes long
 * is interrupted, and streams with few listeners do not wait for its end.
 */
export class FanOut {
  readonly #pacing = new Pacing(fanOutUtilisation, fanOutRestMillisMax);
  #news = new Set<FanOutTarget>();
  /** Those whose pass is not over. */
  #unfinished = new Set<FanOutTarget>();
  #next: Next = open;
  /** The target that took more of the last pass than all others, and how often it has news: passes are fitted to it. */
  #main: FanOutTarget | null = null;
  #rhythm = new Rhythm();

  /** The target has news: its pass comes as soon as the pacing allows, after what else this turn of the loop brings. */
  announce(target: FanOutTarget): void {
    this.#news.add(target);
    const isMain = target === this.#main;
    if (this.#next.state === 'soon' && !isMain) return;
    const now = performance.now();
    if (isMain) this.#rhythm.came(now);
    this.#schedule(now, isMain);
  }

  #schedule(now: number, isMain: boolean): void {
    if (this.#next.state === 'soon') return;
    const delay = this.#pacing.delayMillis(now);
    if (this.#next.state === 'resting') {
      if (delay >= 1 || !isMain) return;
      clearTimeout(this.#next.timer);
      this.#next = soon;
      setTimeout(this.#run, this.#pacing.settleMillis);
      return;
    }
    if (delay < 1) {
      this.#next = soon;
      setImmediate(this.#run);
      return;
    }
    const patience = this.#unfinished.size > 0 ? 0 : this.#pacing.patienceMillis(this.#rhythm.intervalMillis);
    this.#next = { state: 'resting', timer: setTimeout(this.#run, delay + patience) };
  }

  readonly #run = (): void => {
    const start = performance.now();
    const until = start + fanOutSliceMillis;
    const targets = this.#news;
    for (const target of this.#unfinished) {
      // Behind those that have not had their turn.
      targets.delete(target);
      targets.add(target);
    }
    this.#news = new Set();
    this.#unfinished = new Set();
    this.#next = open;
    const again: FanOutTarget[] = [];
    let longest: FanOutTarget | null = null;
    let longestMillis = 0;
    let from = start;
    for (const target of targets) {
      if (from > until) {
        this.#unfinished.add(target);
        continue;
      }
      if (target.pass(until)) again.push(target);
      const now = performance.now();
      if (now - from > longestMillis) [longest, longestMillis] = [target, now - from];
      from = now;
    }
    for (const target of again) this.#unfinished.add(target);
    const isWhole = this.#unfinished.size === 0;
    this.#pacing.passed(start, from, isWhole);
    this.#fitTo(longestMillis * 2 > from - start ? longest : null);
    if (!isWhole) this.#schedule(from, false);
  };

  #fitTo(main: FanOutTarget | null): void {
    if (main === this.#main) return;
    this.#main = main;
    this.#rhythm = new Rhythm();
  }
}
