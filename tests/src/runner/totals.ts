/** What node:test says while it runs; the parts that are read here. Newer versions of Node know more kinds of events. */
export interface RunnerEvent {
  readonly type: string;
  readonly data: {
    readonly nesting?: number;
    readonly message?: string;
    readonly file?: string | undefined;
    readonly success?: boolean;
  };
}

const summaryLine = /^(tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) ([\d.]+)$/;

/**
 * Adds up the summaries of several runs, so that one reporter ends with one summary.
 * A run's summary is a row of top-level diagnostics, and since Node 22 an event of its own as well.
 */
export class Totals {
  readonly #counts = new Map<string, number>();
  #summary: RunnerEvent | undefined;

  /** True when the event belongs to the summary and has been kept; any other is for the reporter. */
  take(event: RunnerEvent): boolean {
    if (event.type === 'test:summary' && event.data.file === undefined) {
      const success = event.data.success !== false && this.#summary?.data.success !== false;
      this.#summary = { type: event.type, data: { ...event.data, success } };
      return true;
    }
    if (event.type !== 'test:diagnostic' || event.data.nesting !== 0) return false;
    const [, name, count] = summaryLine.exec(event.data.message ?? '') ?? [];
    if (name === undefined) return false;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + Number(count));
    return true;
  }

  /** What has been counted under one of the summary's own names, such as `fail`; 0 when nothing. */
  count(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** The summary of all runs together, for the reporter. Files that ran side by side took less time than their sum. */
  *events(tookMillis: number): Generator<RunnerEvent> {
    this.#counts.set('duration_ms', Math.round(tookMillis));
    for (const [name, count] of this.#counts) yield { type: 'test:diagnostic', data: { nesting: 0, message: `${name} ${count}` } };
    if (this.#summary !== undefined) yield this.#summary;
  }
}
