import { fanOutRestMillisMax, fanOutUtilisation } from './limits.ts';
import { Pacing } from './pacing.ts';

/** Something that has news for its listeners. */
export interface FanOutTarget {
  /** Writes what is new to every listener that can take it. */
  pass(): void;
}

/** The one loop of an edge process that writes to listeners: a pass over every stream with news, paced as a whole. */
export class FanOut {
  readonly #pacing = new Pacing(fanOutUtilisation, fanOutRestMillisMax);
  #news = new Set<FanOutTarget>();
  #scheduled = false;

  /** The target has news: its pass comes as soon as the pacing allows, after what else this turn of the loop brings. */
  announce(target: FanOutTarget): void {
    this.#news.add(target);
    if (this.#scheduled) return;
    this.#scheduled = true;
    const delay = this.#pacing.delayMillis(performance.now());
    if (delay < 1) setImmediate(this.#run);
    else setTimeout(this.#run, delay);
  }

  readonly #run = (): void => {
    const start = performance.now();
    const news = this.#news;
    this.#news = new Set();
    this.#scheduled = false;
    for (const target of news) target.pass();
    this.#pacing.passed(start, performance.now());
  };
}
