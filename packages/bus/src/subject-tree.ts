/** Who subscribes to what, with NATS's wildcards: `*` is any one token, a last `>` one or more. */
export class SubjectTree<Subscriber> {
  readonly #exact = new Map<string, Set<Subscriber>>();
  readonly #patterns = new Map<string, { matches: (subject: string) => boolean; subscribers: Set<Subscriber> }>();

  add(pattern: string, subscriber: Subscriber): void {
    if (!/[*>]/.test(pattern)) {
      const subscribers = this.#exact.get(pattern) ?? new Set();
      this.#exact.set(pattern, subscribers.add(subscriber));
      return;
    }
    const row = this.#patterns.get(pattern) ?? { matches: matcher(pattern), subscribers: new Set<Subscriber>() };
    row.subscribers.add(subscriber);
    this.#patterns.set(pattern, row);
  }

  remove(pattern: string, subscriber: Subscriber): void {
    for (const [map, subscribers] of [
      [this.#exact, this.#exact.get(pattern)],
      [this.#patterns, this.#patterns.get(pattern)?.subscribers],
    ] as const) {
      subscribers?.delete(subscriber);
      if (subscribers?.size === 0) map.delete(pattern);
    }
  }

  /** Calls `visit` for each subscriber of the subject; returns how many there are. */
  visit(subject: string, visit: (subscriber: Subscriber) => void): number {
    let count = 0;
    for (const subscriber of this.#exact.get(subject) ?? []) {
      count++;
      visit(subscriber);
    }
    for (const { matches, subscribers } of this.#patterns.values()) {
      if (!matches(subject)) continue;
      for (const subscriber of subscribers) {
        count++;
        visit(subscriber);
      }
    }
    return count;
  }
}

function matcher(pattern: string): (subject: string) => boolean {
  const tokens = pattern.split('.');
  const rest = tokens.at(-1) === '>';
  if (rest) tokens.pop();
  return (subject) => {
    const parts = subject.split('.');
    if (rest ? parts.length <= tokens.length : parts.length !== tokens.length) return false;
    return tokens.every((token, index) => token === '*' || token === parts[index]);
  };
}
