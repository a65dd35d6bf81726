import type { Bus } from '@weir/bus';
import type { Logger, Metrics } from '@weir/telemetry';
import type { Subjects } from '@weir/wire';

/** What an ingest is started with. */
export interface IngestOptions {
  readonly instance: string;
  readonly version: string;
  readonly bus: Bus;
  readonly subjects: Subjects;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Told when a feed that ends for good has ended: a process that serves nothing else may go. */
  readonly onEnded?: (feed: string) => void;
}
