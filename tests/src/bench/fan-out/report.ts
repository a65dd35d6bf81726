import type { Case } from './cases.ts';
import type { LoadReport, Times } from './load.ts';
import { deliveredShare, disturbed } from './results.ts';
import type { Figure, Measurement, Results } from './results.ts';
import type { Server } from './server.ts';
import { servers } from './servers.ts';
import { bytesPerListener, targets } from './targets.ts';

/** What a run has to tell. */
export interface Run {
  readonly machine: readonly (readonly [name: string, value: string])[];
  readonly cases: readonly Case[];
  readonly times: Times & { readonly rounds: number };
  readonly results: Results;
  readonly seconds: number;
}

/** The page of a run, in Markdown. */
export function writeReport(run: Run): string {
  const { machine, cases, results } = run;
  const judged = targets.flatMap(({ what, aim, judge }) => {
    const outcome = judge(results);
    return outcome === null ? [] : [[what, aim, outcome.measured, outcome.reached ? 'yes' : '**no**']];
  });
  const sections = [
    '# Benchmarks',
    'What weir costs beside the kernel alone, a bare loop in Node and icecast2, measured in one run on one machine. `npm run bench` measures and writes this page; whatever it finds stands here.',
    table(['machine', ''], machine),
    '## What weir aims at, and what was measured',
    '"weir" is `weir serve`, where nothing else is said.',
    table(['', 'aim', 'measured', 'reached'], judged),
    '## How it is measured',
    method(run),
    '## Figures',
    ...cases.flatMap((each) => [`### ${each.title}`, caseTable(each, results)]),
    ...(results.failures.length > 0 ? ['## Left out', results.failures.map((failure) => `- ${failure.replaceAll(/\s+/g, ' ')}`).join('\n')] : []),
    '## To repeat it',
    `\`\`\`sh\nnpm run bench                          # ten to twelve minutes; this one took ${Math.ceil(run.seconds / 60)}\nnpm run bench -- --quick               # two minutes, prints only\nnpm run bench -- --only video          # one case, prints only\n\`\`\``,
    'Nothing else should run meanwhile. It takes two cores, gcc, taskset, ffmpeg, nats-server and, for the comparison, icecast2 and curl.',
  ];
  return `${sections.join('\n\n')}\n`;
}

function method({ times: { warmUpSeconds, windowSeconds, rounds } }: Run): string {
  const again = rounds === 1 ? 'Everything is measured once.' : `Everything is measured in ${rounds} rounds, one server after the other in each; the median is told, and where it says how much a figure varied, the least and the most in parentheses.`;
  return [
    '- A server has one core to itself, to which all its threads are pinned. The source, the listeners, NATS and ingest share the other one.',
    '- The source is a transport stream in which each burst, 25 a second (38 at 128 kbit/s), begins with a packet that carries the clock. It comes over a pipe; for icecast2 from `curl -T`; over NATS from an ingest.',
    `- The listeners are one program with one epoll, asking with HTTP/1.1. When all are served it waits ${warmUpSeconds} s, then measures for ${windowSeconds} s. A delay runs from the source's clock to the listener who has read the packet; a gap is a packet that is missing in between.`,
    "- CPU is the user and system time of the server's process from `/proc/PID/stat`; over NATS it is the edge's alone. The floor is a C program that does nothing but `write()` what it reads to every socket. Quote ratios to it: bare seconds are this machine's.",
    '- Memory is the resident set with all listeners, less what it was before the first. Memory of the kernel for sockets is not in it.',
    "- icecast2 runs with its packaged configuration and `<clients>` raised. The number of listeners is raised step by step until somebody's packets are missing or the p99 passes 250 ms.",
    `- ${again} A line marked † shared its core with something else for more than a tenth of the time.`,
  ].join('\n');
}

function caseTable(of: Case, results: Results): string {
  const measured = results.measurements.filter((each) => each.of === of);
  const rows = servers.flatMap(({ name, title }) =>
    of.loads.flatMap((load, place) => {
      const rounds = measured.filter((each) => each.server === name && each.load === load);
      return rounds.length === 0 ? [] : [row(of, name, title, place, rounds, results)];
    }),
  );
  const joins = of.loads.some((load) => load.joins > 0);
  return table(['server', 'listeners', 'CPU, cores', 'x floor', 'p50 ms', 'p90 ms', 'p99 ms', 'gaps', 'delivered', 'KiB a listener', ...(joins ? ['joins', 'join p50 ms', 'join p99 ms'] : [])], rows);
}

function row(of: Case, server: Server['name'], title: string, place: number, rounds: readonly Measurement[], results: Results): string[] {
  const pick = (value: (report: LoadReport) => number): Figure | null => results.figure(of.name, server, place, value);
  const cpu = (report: LoadReport): number => report.serverSeconds / report.seconds;
  const [mine, floor] = [pick(cpu), results.figure(of.name, 'floor', place, cpu)];
  const [load] = rounds.map((round) => round.load);
  const gaps = rounds.reduce((sum, { report }) => sum + report.gaps, 0);
  const cells = [
    `${title}${rounds.some(({ report }) => disturbed(report)) ? ' †' : ''}`,
    `${load?.listeners}${load !== undefined && load.stalled > 0 ? ` + ${load.stalled} stalled` : ''}${servedNote(rounds)}`,
    told(mine, 2),
    mine === null || floor === null ? '' : (mine.median / floor.median).toFixed(2),
    told(pick(({ delayMillis }) => delayMillis.p50), 1, false),
    told(pick(({ delayMillis }) => delayMillis.p90), 1, false),
    told(pick(({ delayMillis }) => delayMillis.p99), 1),
    String(gaps),
    `${(100 * Math.min(...rounds.map(deliveredShare))).toFixed(1)} %`,
    place === 0 ? told(pick((report) => bytesPerListener(report) / 1024), 1, false) : '',
  ];
  if (load === undefined || load.joins === 0) return cells;
  const joined = rounds.map(({ report }) => report.joined);
  return [...cells, `${Math.min(...joined)} of ${load.joins}`, told(pick(({ joinMillis }) => joinMillis.p50), 1, false), told(pick(({ joinMillis }) => joinMillis.p99), 1)];
}

/** Says so when some were not served to the end. */
function servedNote(rounds: readonly Measurement[]): string {
  const served = Math.min(...rounds.map(({ report }) => report.served));
  return rounds.every(({ report, load }) => report.served === load.listeners) ? '' : `, ${served} served`;
}

function told(figure: Figure | null, digits: number, spread = true): string {
  if (figure === null) return '';
  const { median, least, most } = figure;
  return `${median.toFixed(digits)}${spread && least !== most ? ` (${least.toFixed(digits)}-${most.toFixed(digits)})` : ''}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
