/** How often, by reason. */
export type ReasonCounts = Readonly<Record<string, number>>;

/** Different reasons that are told apart; a server that has a new one for each listener fills no memory. */
const reasonsMax = 20;

/** Counts how often each reason is met. */
export class Reasons {
  readonly #counts = new Map<string, number>();

  count(reason: string): void {
    const name = this.#counts.has(reason) || this.#counts.size < reasonsMax ? reason : 'other';
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** The most frequent first, except that whole numbers, such as an HTTP status, come first of all. */
  toObject(): ReasonCounts {
    return Object.fromEntries([...this.#counts].sort(([, a], [, b]) => b - a));
  }
}

/** All reasons together. */
export function totalOf(reasons: ReasonCounts): number {
  return Object.values(reasons).reduce((total, count) => total + count, 0);
}

/** `3 (503: 2, 404: 1)`; `0` for none. */
export function describeReasons(reasons: ReasonCounts): string {
  const each = Object.entries(reasons).map(([reason, count]) => `${reason}: ${count}`);
  return each.length === 0 ? '0' : `${totalOf(reasons)} (${each.join(', ')})`;
}
