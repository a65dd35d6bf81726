import type { LoadReport } from './load-report.ts';
import type { Spread } from './percentiles.ts';
import { formatBitRate, formatBytes, formatMillis } from './quantity.ts';
import { describeReasons, totalOf } from './reasons.ts';

/** A tester busier than this delays what it measures. */
const utilisationMax = 0.8;

/** The result for people: one line for each thing measured, and what is wrong at the end. */
export function describeReport(report: LoadReport): string {
  const rows = [...listenerRows(report), ...measureRows(report)];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}${value}`);
  const verdict = report.ok ? 'all were served and stayed' : `not as it should be:\n${report.problems.map((problem) => `  ${problem}`).join('\n')}`;
  return `${report.url} for ${report.seconds.toFixed(1)} s${report.interrupted ? ', interrupted' : ''}\n${lines.join('\n')}\n${verdict}\n`;
}

type Row = readonly [name: string, value: string];

function listenerRows(report: LoadReport): readonly Row[] {
  const { stalled, churn } = report;
  const kinds = [...(report.slow > 0 ? [`${report.slow} slow`] : []), ...(stalled.listeners > 0 ? [`${stalled.listeners} stalled`] : [])];
  const some = (name: string, reasons: Readonly<Record<string, number>>): readonly Row[] => (totalOf(reasons) > 0 ? [[name, describeReasons(reasons)]] : []);
  return [
    ['listeners', `${report.listeners}${kinds.length > 0 ? ` (${kinds.join(', ')})` : ''}, ${report.connected} connected`],
    ['served', `${report.served} of ${report.readers}`],
    ['stayed', `${report.stayed} of ${report.readers}`],
    ...some('refused', report.refused),
    ...some('failed', report.failed),
    ...some('closed early', report.closedEarly),
    ...(stalled.listeners > 0 ? [['stalled', `${stalled.answered} of ${stalled.listeners} answered${others(stalled)}`] as const] : []),
    ...(churn.connections > 0 ? [['churn', `${churn.served} of ${churn.connections} served${others(churn)}`] as const] : []),
  ];
}

function others({ refused, failed }: Pick<LoadReport, 'refused' | 'failed'>): string {
  return `${totalOf(refused) > 0 ? `, refused: ${describeReasons(refused)}` : ''}${totalOf(failed) > 0 ? `, failed: ${describeReasons(failed)}` : ''}`;
}

function measureRows(report: LoadReport): readonly Row[] {
  const { bytesPerReader, continuity, testerUtilisation } = report;
  const each = bytesPerReader === null ? '' : `, each ${formatBytes(bytesPerReader.min)} to ${formatBytes(bytesPerReader.max)}, median ${formatBytes(bytesPerReader.p50)}`;
  const busy = testerUtilisation > utilisationMax ? ': it delays what it measures; use fewer listeners, or several testers' : '';
  return [
    ['received', `${formatBytes(report.bytes)}${each}`],
    ['rate', formatBitRate(report.bitsPerSecond)],
    ...spreadRow('connection after', report.connectMillis),
    ...spreadRow('first media after', report.firstByteMillis),
    ...(totalOf(continuity.formats) > 0 ? [['checked', describeContinuity(continuity)] as const] : []),
    ...spreadRow('delay of stamps', report.delayMillis),
    ['tester busy', `${Math.round(testerUtilisation * 100)} %${busy}`],
  ];
}

function describeContinuity({ formats, gaps, skippedBytes }: LoadReport['continuity']): string {
  return `${describeReasons(formats)}: ${gaps === 0 ? 'no gaps' : `${gaps} gaps, ${skippedBytes} bytes that belong to no frame`}`;
}

function spreadRow(name: string, spread: Spread | null): readonly Row[] {
  if (spread === null) return [];
  return [[name, `${formatMillis(spread.p50)} median, ${formatMillis(spread.p99)} p99, ${formatMillis(spread.max)} at most`]];
}
