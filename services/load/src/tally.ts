import type { CastCounts } from './cast.ts';
import type { Churn } from './churn.ts';
import type { DelayHistogram } from './delay-histogram.ts';
import type { LoadListener } from './load-listener.ts';
import type { LoadOptions } from './load-options.ts';
import type { LoadReport } from './load-report.ts';
import { spreadOf } from './percentiles.ts';
import { findProblems } from './problems.ts';
import { Reasons } from './reasons.ts';

/** What a run has gathered. */
export interface RunResult {
  readonly options: LoadOptions;
  readonly counts: CastCounts;
  readonly listeners: readonly LoadListener[];
  readonly churn: Churn;
  readonly delays: DelayHistogram;
  readonly seconds: number;
  readonly bitsPerSecond: number;
  readonly interrupted: boolean;
  readonly testerUtilisation: number;
}

/** Adds up what became of the listeners. */
export function tally(result: RunResult): LoadReport {
  const { options, counts, listeners } = result;
  const readers = listeners.filter(({ role }) => role !== 'stalled');
  const fine = new Set(readers.filter((reader) => isServed(reader, options) && hasStayed(reader, options)));
  const findings = {
    url: withoutCredentials(options.url),
    seconds: result.seconds,
    interrupted: result.interrupted,
    listeners: options.listeners,
    started: listeners.length,
    connected: listeners.filter(({ connectMillis }) => connectMillis !== null).length,
    readers: counts.steady + counts.slow,
    slow: counts.slow,
    served: readers.filter((reader) => isServed(reader, options)).length,
    stayed: fine.size,
    ...lossesOf(readers.filter((reader) => !fine.has(reader))),
    stalled: stalledOf(listeners, counts.stalled),
    churn: result.churn.report(),
    bytes: readers.reduce((sum, { bytes }) => sum + bytes, 0),
    bytesPerReader: spreadOf(readers.map(({ bytes }) => bytes)),
    bitsPerSecond: result.bitsPerSecond,
    connectMillis: spreadOf(listeners.flatMap(({ connectMillis }) => connectMillis ?? [])),
    firstByteMillis: spreadOf(readers.flatMap(({ firstByteMillis }) => firstByteMillis ?? [])),
    continuity: continuityOf(readers),
    delayMillis: result.delays.spread(),
    testerUtilisation: result.testerUtilisation,
  };
  const problems = findProblems(findings);
  return { ok: problems.length === 0, problems, ...findings };
}

/** Got as much media as was expected. */
export function isServed({ bytes }: LoadListener, { expectBytes }: LoadOptions): boolean {
  return bytes >= (expectBytes ?? 1);
}

function hasStayed({ state }: LoadListener, { expectBytes }: LoadOptions): boolean {
  return state.is === 'receiving' || (state.is === 'closed' && state.complete && expectBytes !== null);
}

/** What became of those who are not fine: each in one of the counts. */
function lossesOf(listeners: readonly LoadListener[]): Pick<LoadReport, 'starved' | 'refused' | 'refusedForNow' | 'failed' | 'unanswered' | 'closedEarly'> {
  const [refused, failed, closedEarly] = [new Reasons(), new Reasons(), new Reasons()];
  let [starved, refusedForNow, unanswered] = [0, 0, 0];
  for (const { state } of listeners) {
    if (state.is === 'refused') {
      refused.count(String(state.status));
      if (state.retryAfter) refusedForNow++;
    } else if (state.is === 'failed') failed.count(state.reason);
    else if (state.is === 'closed') closedEarly.count(state.reason);
    else if (state.is === 'receiving') starved++;
    else unanswered++;
  }
  return { starved, refused: refused.toObject(), refusedForNow, failed: failed.toObject(), unanswered, closedEarly: closedEarly.toObject() };
}

function stalledOf(listeners: readonly LoadListener[], count: number): LoadReport['stalled'] {
  const stalled = listeners.filter(({ role }) => role === 'stalled');
  const { refused, failed } = lossesOf(stalled);
  return { listeners: count, answered: stalled.filter(({ isReceiving }) => isReceiving).length, refused, failed };
}

function continuityOf(readers: readonly LoadListener[]): LoadReport['continuity'] {
  const checks = readers.flatMap(({ check }) => check ?? []);
  const formats = new Reasons();
  for (const { format } of checks) formats.count(format);
  return {
    formats: formats.toObject(),
    faulty: checks.filter(({ gaps, isUnreadable }) => gaps > 0 || isUnreadable).length,
    gaps: checks.reduce((sum, { gaps }) => sum + gaps, 0),
    skippedBytes: checks.reduce((sum, { skippedBytes }) => sum + skippedBytes, 0),
    unreadable: checks.filter(({ isUnreadable }) => isUnreadable).length,
  };
}

function withoutCredentials(url: URL): string {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare.href;
}
