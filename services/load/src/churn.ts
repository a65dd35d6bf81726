import { churnMillisMax, startsPerTickMax } from './limits.ts';
import { LoadListener } from './load-listener.ts';
import type { ListenerSurroundings } from './load-listener.ts';
import type { LoadReport } from './load-report.ts';
import { Reasons } from './reasons.ts';
import type { SourceAddress } from './source-addresses.ts';

/** Connections that come, get the first of the media or wait for a second in vain, and vanish without a word. */
export class Churn {
  readonly #perSecond: number;
  readonly #around: ListenerSurroundings;
  readonly #sourceAddress: SourceAddress;
  readonly #here = new Set<LoadListener>();
  readonly #refused = new Reasons();
  readonly #failed = new Reasons();
  #connections = 0;
  #served = 0;
  #unanswered = 0;

  constructor(perSecond: number, sourceAddress: SourceAddress, around: ListenerSurroundings) {
    this.#perSecond = perSecond;
    this.#sourceAddress = sourceAddress;
    this.#around = around;
  }

  /** To be called often: starts those that are due, and lets those vanish that have been here long enough. */
  tick(elapsedMillis: number): void {
    const due = Math.min(Math.floor((elapsedMillis * this.#perSecond) / 1000), this.#connections + startsPerTickMax);
    for (; this.#connections < due; this.#connections++) {
      this.#here.add(new LoadListener({ role: 'passing', checked: false }, null, this.#sourceAddress(this.#connections), this.#around));
    }
    const nowMillis = this.#around.nowMillis();
    for (const listener of this.#here) {
      if (listener.bytes > 0 || listener.isOver || nowMillis - listener.startedMillis > churnMillisMax) this.#vanish(listener);
    }
  }

  /** All vanish. */
  end(): void {
    for (const listener of this.#here) this.#vanish(listener);
  }

  /** Of those that have vanished; `connections` are all. */
  report(): LoadReport['churn'] {
    return { connections: this.#connections, served: this.#served, unanswered: this.#unanswered, refused: this.#refused.toObject(), failed: this.#failed.toObject() };
  }

  #vanish(listener: LoadListener): void {
    this.#here.delete(listener);
    listener.release();
    const { state, bytes } = listener;
    if (bytes > 0) this.#served++;
    else if (state.is === 'refused') this.#refused.count(String(state.status));
    else if (state.is === 'failed') this.#failed.count(state.reason);
    else this.#unanswered++;
  }
}
