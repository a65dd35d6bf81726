import type { LoadReport } from '../fan-out/load.ts';
import type { CapacityServer } from './capacity-server.ts';
import { clientShareMax, lateMillisMax } from './limits.ts';
import type { CapacityStream } from './streams.ts';

/** One load on one server. */
export interface Step {
  readonly listeners: number;
  readonly report: LoadReport;
  /** The server did not survive it. */
  readonly fatal: boolean;
}

/** One server with one stream. */
export interface Row {
  readonly server: CapacityServer;
  readonly stream: CapacityStream;
  readonly outcome: Outcome;
}

/** What came of a row. */
export type Outcome =
  | { readonly state: 'measured'; readonly few: Step; readonly middle: Step; readonly most: Step | null; readonly tooMany: Step | null }
  | { readonly state: 'failed'; readonly why: string };

/** What arrives late at either end of the measured time counts for neither, or for both. */
const deliveredShareMin = 0.9;

/** Milliseconds by which media is later for one in a hundred than for half of the few; pauses are as long as the pace makes them, for all of the few. */
export function lateMillis(server: CapacityServer, few: Step, { report }: Step): number {
  if (server.lateness === 'delay') return report.delayMillis.p99 - few.report.delayMillis.p50;
  return report.pauseMillis.p99 - few.report.pauseMillis.p99;
}

/** Bytes that came, of those that were due. */
export function deliveredShare(stream: CapacityStream, { listeners, report }: Step): number {
  return report.bytes / (listeners * report.seconds * (stream.played.bitsPerSecond / 8));
}

/** Why a load is too much for a server; null when it is not. */
export function whyTooMany(server: CapacityServer, stream: CapacityStream, few: Step, step: Step): string | null {
  const { report, listeners } = step;
  const late = lateMillis(server, few, step);
  if (step.fatal) return 'the server ended';
  if (report.served < listeners) return `${report.served} served`;
  if (report.gaps > 0) return `${report.gaps} gaps`;
  // What comes once a second says little in three; who is late shows in the pauses.
  if (server.lateness === 'delay' && deliveredShare(stream, step) < deliveredShareMin) return `${(100 * deliveredShare(stream, step)).toFixed(0)} % delivered`;
  return late > lateMillisMax ? `${late.toFixed(0)} ms late` : null;
}

/** True when the listeners' core was full, so that a limit may be theirs. */
export function clientIsFull({ report }: Step): boolean {
  return report.clientSeconds / report.seconds > clientShareMax;
}

/** Bytes that a second of the server's CPU time brings to listeners. */
export function bytesPerCpuSecond({ report }: Step): number {
  return report.bytes / Math.max(report.serverSeconds, 0.01);
}
