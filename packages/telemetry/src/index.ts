export { createLogger } from './logger.ts';
export type { Logger, LoggerOptions, RootLogger } from './logger.ts';
export type { LogFields } from './log-line.ts';
export type { LogLevel } from './level.ts';
export { RotatedFile } from './rotated-file.ts';
export type { RotatedFileOptions } from './rotated-file.ts';
export { RateMeter } from './rate-meter.ts';
export { fleetStatus } from './fleet.ts';
export type { ConfiguredFeed, ConfiguredStream, FleetParts, StoppedStatus } from './fleet.ts';
export { readInstanceStatus } from './read-status.ts';
export { statusVersion } from './status.ts';
export { statusSchema } from './status-schema.ts';
export type {
  EdgeStatus,
  EdgeStreamStatus,
  FeedStatus,
  FleetStatus,
  IngestStatus,
  InstanceStatus,
  MasterStatus,
  MirrorStatus,
  Mood,
  ProducerStatus,
  SettingsStatus,
  StreamStatus,
} from './status.ts';
export { Metrics, sumMetrics } from './metrics.ts';
export type { CountMetric, DurationMetric, Sample } from './metrics.ts';
