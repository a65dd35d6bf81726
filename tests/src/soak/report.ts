import { cpus } from 'node:os';
import type { Measure } from './measures.ts';
import { measures, natsMeasures } from './measures.ts';
import type { Finding } from './record.ts';

/** What a run has to tell. */
export interface Told {
  readonly minutes: number;
  readonly findings: readonly Finding[];
  readonly counts: ReadonlyMap<string, number>;
  /** Cores in use on average, by service. */
  readonly cores: ReadonlyMap<string, number>;
  /** Lines of logs that tell of a fault. */
  readonly faults: readonly string[];
}

/** What a value is in the table. */
export function told(value: number, { unit, unitName }: Measure): string {
  return `${(value / unit).toFixed(unit === 1 ? 0 : 1)}${unitName}`;
}

/** One line: `grows: edge-1 fds, ...`. */
export function verdict({ findings, faults }: Told): string {
  const growing = findings.filter((finding) => finding.grows).map(({ service, measure }) => `${service} ${measure.name}`);
  const growth = findings.every(({ trend }) => trend === null) ? 'too short to tell' : growing.length === 0 ? 'nothing grows' : `grows: ${growing.join(', ')}`;
  return faults.length === 0 ? growth : `${growth}; ${faults.length} faults in the logs`;
}

/** The page of a run, in Markdown. */
export function writeReport(run: Told): string {
  const { minutes, findings, counts, cores, faults } = run;
  const services = [...new Set(findings.map(({ service }) => service))].filter((name) => name !== 'nats');
  const head = (of: object): readonly string[] => ['', ...Object.values(of as { [key: string]: Measure }).map(({ name }) => name)];
  const sections = [
    '# Soak',
    `Whether anything grows while all kinds of things happen for ${minutes} minutes: **${verdict(run)}**. \`npm run soak -- ${minutes}\` has measured this and written this page on ${new Date().toISOString().slice(0, 10)}, with Node ${process.version} on ${cpus()[0]?.model ?? 'an unknown processor'}.`,
    'A fleet (a NATS server, control, two ingests, an edge, an edge of two workers) and a standalone weir that the fleet relays and that mirrors it serve some fifteen streams of nine formats, while what is counted below happens to them.',
    '## What each service holds',
    'From the first to the last window of the second half of the run and, in parentheses, the slope in an hour. Memory is what is left after a collection of garbage, the heap without the code in it: V8 goes on optimising functions for an hour and longer.',
    table(head(measures), services.map((service) => [service, ...cells(findings, service)])),
    'What the NATS server holds for them. Messages are the values in the buckets, without that of the epochs: it keeps a number for each name that a feed or encoder ever had in the configuration.',
    table(head(natsMeasures), [['nats', ...cells(findings, 'nats')]]),
    '## When something grows',
    "The second half of the run is divided into up to ten windows; a line is laid by least squares through the least value of each. It grows when the line rises by more than the limit an hour, by more than the least rise within the half, and the slope is more than three of its standard errors. Both are for one process: edge-2 is three, the ingests are two.",
    table(
      ['', ...[...Object.values(measures), ...Object.values(natsMeasures)].map(({ name }) => name)],
      [
        ['limit an hour', ...[...Object.values(measures), ...Object.values(natsMeasures)].map((measure) => `${measure.perHourMax}${measure.unitName}`)],
        ['least rise', ...[...Object.values(measures), ...Object.values(natsMeasures)].map((measure) => `${measure.riseMax}${measure.unitName}`)],
      ],
    ),
    '## What happened',
    table(['what', 'times'], [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, count]) => [what, String(count)])),
    '## What it took',
    table(['', ...cores.keys()], [['cores', ...[...cores.values()].map((value) => value.toFixed(2))]]),
    ...(faults.length === 0 ? [] : ['## Faults in the logs', faults.map((fault) => `- ${fault}`).join('\n')]),
  ];
  return `${sections.join('\n\n')}\n`;
}

function cells(findings: readonly Finding[], service: string): readonly string[] {
  return findings
    .filter((finding) => finding.service === service)
    .map(({ trend, measure, grows }) => {
      if (trend === null) return '';
      const slope = trend.perHour / measure.unit;
      const text = `${told(trend.first, measure)} to ${told(trend.last, measure)} (${slope < 0 ? '' : '+'}${slope.toFixed(1)})`;
      return grows ? `**${text}**` : text;
    });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
