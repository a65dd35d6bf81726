import { describeMillis } from './duration.ts';

const minuteMillis = 60_000;

/** Kinds of failure that get a line of their own as they come, until the thing recovers. */
const kindsMax = 8;

/** Minutes after the first failure at which the next one is worth a line again; every hour from then on. */
function nextMarkMillis(elapsedMillis: number): number {
  const mark = [1, 10, 60].find((minutes) => elapsedMillis < minutes * minuteMillis);
  return (mark ?? Math.floor(elapsedMillis / (60 * minuteMillis)) * 60 + 60) * minuteMillis;
}

function count(failures: number): string {
  return failures === 1 ? '1 failure' : `${failures} failures`;
}

/** Failures that differ only in numbers (seconds, process ids) are of one kind. */
function kindOf(description: string): string {
  return description.replaceAll(/\d+/g, '0');
}

/**
 * Decides which failures of one thing are worth a line: the first, and the first of another kind; then the next one after 1, 10 and 60
 * minutes and after every further hour, with the number of failures since the line before. Gives the text; writes nothing.
 */
export class FailureLog {
  readonly #kinds = new Set<string>();
  #failures = 0;
  #unsaid = 0;
  #firstMillis = 0;
  #saidMillis = 0;
  #markMillis = 0;

  /** The line for a failure that happened at `nowMillis` (monotonic), or null while it would only repeat the last one. */
  failed(description: string, nowMillis: number): string | null {
    if (this.#failures === 0) this.#firstMillis = nowMillis;
    this.#failures++;
    this.#unsaid++;
    const elapsedMillis = nowMillis - this.#firstMillis;
    const isNew = this.#learn(kindOf(description));
    if (!isNew && elapsedMillis < this.#markMillis) return null;
    const line = isNew && this.#unsaid === 1 ? description : `${description} (${count(this.#unsaid)} in ${describeMillis(nowMillis - this.#saidMillis)})`;
    this.#unsaid = 0;
    this.#saidMillis = nowMillis;
    this.#markMillis = nextMarkMillis(elapsedMillis);
    return line;
  }

  /**
   * The line for the end of the failures, or null when there were none. To be called when the thing has been healthy for
   * long enough to believe in it: the next failure counts as a first one.
   */
  recovered(nowMillis: number): string | null {
    if (this.#failures === 0) return null;
    const failures = this.#failures;
    this.#failures = 0;
    this.#unsaid = 0;
    this.#kinds.clear();
    return `recovered after ${count(failures)} in ${describeMillis(nowMillis - this.#firstMillis)}`;
  }

  /** Whether it is a kind that was not there yet; of too many kinds no more is. */
  #learn(kind: string): boolean {
    if (this.#kinds.has(kind) || this.#kinds.size === kindsMax) return false;
    this.#kinds.add(kind);
    return true;
  }
}
