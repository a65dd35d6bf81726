const mebibyte = 1024 * 1024;

/** What of a service may grow, and from where on it does. */
export interface Measure {
  readonly name: string;
  /** What one unit of the table is, in units of the samples. */
  readonly unit: number;
  readonly unitName: string;
  /** The most, in units of the table, that each process may add in an hour. */
  readonly perHourMax: number;
  /** The most that each may add within the second half, however short that is: what a service still learns or has in hand. */
  readonly riseMax: number;
}

type Measured = 'rss' | 'heapUsed' | 'external' | 'descriptors' | 'commands' | 'timers' | 'handles' | 'series';
type NatsMeasured = 'subscriptions' | 'consumers' | 'messages';

/** Of each service. Memory is measured after a collection of garbage; the heap without code. */
export const measures: Readonly<Record<Measured, Measure>> = {
  rss: { name: 'RSS', unit: mebibyte, unitName: ' MiB', perHourMax: 8, riseMax: 2 },
  heapUsed: { name: 'heap', unit: mebibyte, unitName: ' MiB', perHourMax: 1, riseMax: 0.3 },
  external: { name: 'external', unit: mebibyte, unitName: ' MiB', perHourMax: 1, riseMax: 0.3 },
  descriptors: { name: 'fds', unit: 1, unitName: '', perHourMax: 3, riseMax: 1 },
  commands: { name: 'commands', unit: 1, unitName: '', perHourMax: 2, riseMax: 1 },
  timers: { name: 'timers', unit: 1, unitName: '', perHourMax: 3, riseMax: 1 },
  handles: { name: 'handles', unit: 1, unitName: '', perHourMax: 3, riseMax: 1 },
  series: { name: 'series', unit: 1, unitName: '', perHourMax: 20, riseMax: 10 },
};

/** Of the NATS server: what weir makes it hold. Messages are those of all buckets but that of the epochs, which keeps a number for each name a configuration ever had. */
export const natsMeasures: Readonly<Record<NatsMeasured, Measure>> = {
  subscriptions: { name: 'subscriptions', unit: 1, unitName: '', perHourMax: 5, riseMax: 2 },
  consumers: { name: 'consumers', unit: 1, unitName: '', perHourMax: 3, riseMax: 1 },
  messages: { name: 'messages', unit: 1, unitName: '', perHourMax: 10, riseMax: 3 },
};

/** One look at a service. */
export type Sample = Readonly<Record<Measured, number>>;

/** One look at the NATS server. */
export type NatsSample = Readonly<Record<NatsMeasured, number>>;
