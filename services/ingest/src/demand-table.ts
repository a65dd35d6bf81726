import { demandingEdgesMax, demandMillis } from './limits.ts';

/** Which edges have listeners for one stream, by their own word, forgotten when they fall silent. */
export class DemandTable {
  readonly #edges = new Map<string, { listeners: number; heardMillis: number }>();

  /** @param nowMillis monotonic */
  hear(edge: string, listeners: number, nowMillis: number): void {
    if (listeners === 0) this.#edges.delete(edge);
    else if (this.#edges.has(edge) || this.#edges.size < demandingEdgesMax) this.#edges.set(edge, { listeners, heardMillis: nowMillis });
  }

  /** Forgets the edges that have been silent for too long. */
  expire(nowMillis: number): void {
    for (const [edge, { heardMillis }] of this.#edges) {
      if (nowMillis - heardMillis > demandMillis) this.#edges.delete(edge);
    }
  }

  get wanted(): boolean {
    return this.#edges.size > 0;
  }
}
