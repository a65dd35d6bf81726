import type { Case, CaseName } from './cases.ts';
import type { Load, LoadReport } from './load.ts';
import type { Server } from './server.ts';

/** One load on one server, measured once. */
export interface Measurement {
  readonly of: Case;
  readonly server: Server['name'];
  readonly load: Load;
  readonly round: number;
  readonly report: LoadReport;
}

/** A number from several rounds. */
export interface Figure {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** Share of the measured time that something beside the server may have taken of its core before a figure is marked. */
const disturbedShare = 0.1;

/** What arrives late at either end of the measured time counts for neither, or for both. */
const deliveredShareMin = 0.95;

/** All that was measured, for whoever tells of it. */
export class Results {
  readonly measurements: Measurement[] = [];
  /** Servers that were left out, and why. */
  readonly failures: string[] = [];

  /** Null when it was not measured. */
  figure(of: CaseName, server: Server['name'], load: number, pick: (report: LoadReport) => number): Figure | null {
    const values = this.reports(of, server, load).map(pick).sort((a, b) => a - b);
    const [least, most] = [values[0], values.at(-1)];
    if (least === undefined || most === undefined) return null;
    const middle = values.length >> 1;
    const median = values.length % 2 === 1 ? values[middle] : ((values[middle - 1] ?? least) + (values[middle] ?? most)) / 2;
    return { median: median ?? least, least, most };
  }

  /** The rounds of a server's load, by its place in the case. */
  reports(of: CaseName, server: Server['name'], load: number): LoadReport[] {
    return this.measurements.filter((each) => each.of.name === of && each.server === server && each.of.loads[load] === each.load).map(({ report }) => report);
  }
}

/** Stamps that came, of those that were due to come. */
export function deliveredShare({ of: { stream }, report }: Measurement): number {
  return report.stamps / (report.listeners * stream.framesPerSecond * report.seconds);
}

/** True when the server's core did other work as well, so that the figures say less. */
export function disturbed({ coreBusySeconds, coreStolenSeconds, serverSeconds, seconds }: LoadReport): boolean {
  return coreBusySeconds + coreStolenSeconds - serverSeconds > disturbedShare * seconds;
}

/** True when all were served, whole and in time. */
export function keepsUp(measurement: Measurement, p99MillisMax: number): boolean {
  const { report, load } = measurement;
  return report.served === load.listeners && report.gaps === 0 && report.delayMillis.p99 <= p99MillisMax && deliveredShare(measurement) > deliveredShareMin;
}
