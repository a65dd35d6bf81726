/** One metric in Prometheus's text format. */
export interface ExposedMetric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  /** Of its samples, `le` and `quantile` aside. */
  readonly labels: Set<string>;
  /** Names of its samples: those of a histogram end in `_bucket`, `_sum` and `_count`. */
  readonly samples: Set<string>;
}

/** The metrics that a process tells. */
export function parseExposition(text: string): Map<string, ExposedMetric> {
  const metrics = new Map<string, ExposedMetric>();
  let help = '';
  let current: ExposedMetric | null = null;
  for (const line of text.split('\n')) {
    const [, what, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (what === 'HELP') help = rest;
    if (what === 'TYPE') metrics.set(name, (current = { name, type: rest, help, labels: new Set(), samples: new Set() }));
    const [, sample, labels = ''] = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (sample === undefined) continue;
    if (current === null || !sample.startsWith(current.name)) throw new Error(`a sample of no metric: ${line}`);
    current.samples.add(sample);
    for (const [, label = ''] of labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) if (label !== 'le' && label !== 'quantile') current.labels.add(label);
  }
  return metrics;
}

/** What several processes tell together. */
export function together(all: readonly ReadonlyMap<string, ExposedMetric>[]): Map<string, ExposedMetric> {
  const sum = new Map<string, ExposedMetric>();
  for (const metric of all.flatMap((each) => [...each.values()])) {
    const known = sum.get(metric.name);
    if (known === undefined) sum.set(metric.name, metric);
    for (const label of metric.labels) known?.labels.add(label);
    for (const sample of metric.samples) known?.samples.add(sample);
  }
  return sum;
}
