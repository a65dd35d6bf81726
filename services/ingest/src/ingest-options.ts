import type { Bus } from '@weir/bus';
import type { Demands } from '@weir/subscriber';
import type { Logger, Metrics } from '@weir/telemetry';
import type { ProducerName, Subjects } from '@weir/wire';
import type { DemandTable } from './demand-table.ts';
import type { PictureDecoder } from './pictures/picture-decoder.ts';

/** What an ingest is started with. */
export interface IngestOptions {
  readonly instance: string;
  /** What feeds may be pinned to, beside the instance's name; null for the only ingest there is, which runs them all. */
  readonly labels: readonly string[] | null;
  readonly version: string;
  readonly bus: Bus;
  readonly subjects: Subjects;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** What decodes pictures: a path, or a name that is looked up in PATH. */
  readonly ffmpeg: string;
  /** Takes what the command of a feed or encoder writes to its standard error; left out: the log at level debug. */
  readonly onErrorLine?: (producer: string, line: string) => void;
  /** Told when a feed that ends for good has ended: a process that serves nothing else may go. */
  readonly onEnded?: (feed: string) => void;
}

/** What a feed tree is made with. */
export interface TreeOptions extends IngestOptions {
  /** Who listens to a stream; outlives the tree, so that the one that follows it after a reload knows at once. */
  readonly demandFor: (stream: string) => DemandTable;
  /** Whether an administrator has stopped a feed or an encoder. */
  readonly isStopped: (producer: ProducerName) => boolean;
  readonly pictures: PictureDecoder;
  /** What this ingest wants of feeds that run on another. */
  readonly demands: Demands;
  /** How long to leave a feed to others that have less to do. */
  readonly headStartMillis: () => number;
}
