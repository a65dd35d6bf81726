import { AggregatorRegistry, collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The metrics of several processes as one: counts add up, gauges too unless they say otherwise, delays are averaged. Text format. */
export function sumMetrics(values: readonly object[]): Promise<string> {
  return AggregatorRegistry.aggregate([...values]).metrics();
}

/** What every metric's name begins with. */
const prefix = 'weir_';

/** Seconds that a start or a first byte may take: from what a warm edge does to what nobody waits for. */
const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A count that only grows, by its labels' values. */
export interface CountMetric {
  add(labels: Readonly<Record<string, string>>, amount?: number): void;
}

/** How long something took, in buckets, by its labels' values. */
export interface DurationMetric {
  observe(labels: Readonly<Record<string, string>>, seconds: number): void;
}

/** One sample of something that is looked up when Prometheus asks. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * One process's metrics in Prometheus's text format. Names follow its conventions (base units, `_total`); label values come
 * from the configuration or from a fixed list, never from a client, and what has gone from
 * the configuration is forgotten by {@link keepOnly}, so that their number is bounded.
 */
export class Metrics {
  readonly #registry = new Registry();
  /** What keeps a value for each combination of labels it has ever been told. */
  readonly #keeping: { readonly metric: Counter | Histogram; readonly labelNames: readonly string[] }[] = [];

  /**
   * @param version told by `weir_build_info`
   * @param role what the process does: `up`, `edge`, ...
   */
  constructor(version: string, role: string) {
    collectDefaultMetrics({ register: this.#registry });
    new Gauge({ name: `${prefix}build_info`, help: '1 for each process; version and role are labels.', labelNames: ['version', 'role'], registers: [this.#registry] }).set({ version, role }, 1);
  }

  count(name: string, help: string, labelNames: readonly string[]): CountMetric {
    const counter = new Counter({ name: prefix + name, help, labelNames: [...labelNames], registers: [this.#registry] });
    this.#keeping.push({ metric: counter, labelNames });
    return { add: (labels, amount = 1) => counter.inc({ ...labels }, amount) };
  }

  seconds(name: string, help: string, labelNames: readonly string[]): DurationMetric {
    const histogram = new Histogram({ name: prefix + name, help, labelNames: [...labelNames], buckets: secondsBuckets, registers: [this.#registry] });
    this.#keeping.push({ metric: histogram, labelNames });
    return { observe: (labels, seconds) => histogram.observe({ ...labels }, seconds) };
  }

  /** Forgets what was counted and measured for any other value of a label: those have gone from the configuration. */
  async keepOnly(label: string, values: ReadonlySet<string>): Promise<void> {
    for (const { metric, labelNames } of this.#keeping) {
      if (!labelNames.includes(label)) continue;
      for (const { labels } of (await metric.get()).values) {
        if (!values.has(String(labels[label]))) metric.remove(Object.fromEntries(labelNames.map((name) => [name, labels[name] ?? ''])));
      }
    }
  }

  /**
   * A value that goes up and down; `samples` is called for each scrape, and what it no longer names is gone.
   *
   * @param ofSeveral what {@link sumMetrics} makes of those of several processes
   */
  gauge(name: string, help: string, labelNames: readonly string[], samples: () => readonly Sample[], ofSeveral: 'sum' | 'min' | 'max' = 'sum'): void {
    new Gauge({
      name: prefix + name,
      help,
      aggregator: ofSeveral,
      labelNames: [...labelNames],
      registers: [this.#registry],
      collect() {
        this.reset();
        // One without labels is 0 after that; where there is no sample, there is no value.
        if (labelNames.length === 0) this.remove();
        for (const { labels, value } of samples()) this.set({ ...labels }, value);
      },
    });
  }

  /** A count that something else keeps; `samples` gives its totals for each scrape. */
  total(name: string, help: string, labelNames: readonly string[], samples: () => readonly Sample[]): void {
    new Counter({
      name: prefix + name,
      help,
      labelNames: [...labelNames],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const { labels, value } of samples()) this.inc({ ...labels }, value);
      },
    });
  }

  /** All of it as plain data, for {@link sumMetrics} in another process. */
  values(): Promise<object> {
    return this.#registry.getMetricsAsJSON();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
