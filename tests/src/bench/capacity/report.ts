import { bytesPerListener } from '../fan-out/targets.ts';
import { capacityServers } from './capacity-servers.ts';
import { fewListeners, lateMillisMax, listenersMax } from './limits.ts';
import type { Effort } from './measure-row.ts';
import { bytesPerCpuSecond, clientIsFull, whyTooMany } from './row.ts';
import type { Outcome, Row } from './row.ts';
import { capacityStreams } from './streams.ts';
import type { CapacityStream } from './streams.ts';

/** What a run has to tell. */
export interface CapacityRun {
  readonly machine: readonly (readonly [name: string, value: string])[];
  readonly effort: Effort;
  readonly rows: readonly Row[];
  readonly seconds: number;
}

type Measured = Extract<Outcome, { state: 'measured' }>;

/** The page of a run, in Markdown. */
export function writeCapacityReport({ machine, effort, rows, seconds }: CapacityRun): string {
  const sections = [
    '# Capacity',
    "How many listeners one core carries with weir and with other servers, and what each of them costs, measured in one run on one machine: the ratios between lines are what counts, not the figures. `npm run bench:capacity` measures and writes this page; BENCHMARKS.md has weir beside the kernel's own cost.",
    table(['machine', ''], machine),
    '## How it is measured',
    method(effort),
    '## The servers',
    capacityServers.map(({ title, settings }) => `- **${title}**: ${settings}`).join('\n'),
    ...capacityStreams.flatMap((stream) => {
      const mine = rows.filter((row) => row.stream === stream);
      return mine.length === 0 ? [] : [`## ${stream.title}`, streamTable(stream, mine, effort)];
    }),
    '## To repeat it',
    `\`\`\`sh\nnpm run bench:capacity                                        # this one took ${Math.ceil(seconds / 60)} minutes\nnpm run bench:capacity -- --quick                             # five minutes with few listeners, prints only\nnpm run bench:capacity -- --only serve --only icecast --stream radio   # prints only\n\`\`\``,
    'Nothing else should run meanwhile. It takes two cores, gcc, taskset, ffmpeg and, of nats-server, icecast2 with curl, liquidsoap and nginx, those that are to be compared.',
  ];
  return `${sections.join('\n\n')}\n`;
}

function method({ step, middle, joins }: Effort): string {
  return [
    '- The server has one core to itself, with all its threads and workers; the source, the listeners and what stands between source and server have the other one.',
    `- A server is full when, of its listeners, one is not served or misses a packet, less than 90 % of the bytes arrive (nginx aside), the server ends by itself, or the p99 is more than ${lateMillisMax} ms later than what ${fewListeners} listeners have at the median. Listeners are raised step by step, 2.5-fold and near the limit 1.5-fold, and once more in the middle between the last two; each step has ${step.warmUpSeconds} s to settle and ${step.windowSeconds} s that count. "or more" stands where descriptors ran out (${listenersMax()} listeners for one process here), † where the listeners' core was full as well, so that the limit may be theirs.`,
    '- Delay runs from the source, which puts its clock into each burst, to the listener who has read it: in transport streams a packet 25 times a second, in MP3 bytes of each frame (38 a second) that decoders skip. All servers but nginx pass these on as they are. nginx sends a file; there the column tells for how long nothing came between two reads, and p99 is held against that.',
    `- At the middle load, the same for all servers that carry it and for others half of what they carry, ${middle.windowSeconds} s are measured while ${joins} more join one after the other: from connect() to the first byte of media. Memory is what the resident set of all its processes grew by from the first listener to the last; of the kernel's memory for sockets nothing is in it.`,
    "- CPU is the user and system time of all processes of a server, from `/proc/PID/stat`, wherever they run. Bytes are those that came to the listeners.",
    '- Of all listeners of 1 Mbit/s one in 4 looks for the clock, of 5 Mbit/s one in 8; bytes are counted for all.',
  ].join('\n');
}

function streamTable(stream: CapacityStream, rows: readonly Row[], effort: Effort): string {
  const reference = rows.find(({ server, outcome }) => server.name === 'icecast' && outcome.state === 'measured');
  const theirs = reference?.outcome.state === 'measured' ? reference.outcome : null;
  const middle = Math.min(stream.middle, effort.middleMax);
  const head = ['server', 'listeners of one core', 'x icecast2', 'full because', 'MB per CPU second, full', `with ${middle}`, 'x icecast2', `delay p50 / p99 ms with ${middle}`, 'join p50 / p99 ms', 'KiB a listener'];
  return table(head, rows.map((row) => cells(row, row.outcome, theirs, effort)));
}

function cells(row: Row, outcome: Outcome, theirs: Measured | null, effort: Effort): string[] {
  const { title, lateness } = row.server;
  if (outcome.state === 'failed') return [title, 'not measured', '', outcome.why, '', '', '', '', '', ''];
  const { few, middle, most, tooMany } = outcome;
  const { report } = middle;
  const percentiles = lateness === 'delay' ? report.delayMillis : report.pauseMillis;
  const at = middle.listeners === Math.min(row.stream.middle, effort.middleMax) ? '' : `with ${middle.listeners}: `;
  const bounded = most?.listeners === effort.listenersMax ? ' or more' : '';
  const full = [most, tooMany].some((step) => step !== null && clientIsFull(step)) ? ' †' : '';
  const ratio = (mine: number | undefined, other: number | undefined): string => (mine === undefined || other === undefined || other === 0 ? '' : (mine / other).toFixed(2));
  return [
    title,
    `${most?.listeners ?? `fewer than ${tooMany?.listeners}`}${bounded}${full}`,
    ratio(most?.listeners, theirs?.most?.listeners),
    tooMany === null ? '' : `${tooMany.listeners}: ${whyTooMany(row.server, row.stream, few, tooMany) ?? ''}`,
    most === null ? '' : megabytes(bytesPerCpuSecond(most)),
    `${at}${megabytes(bytesPerCpuSecond(middle))}`,
    ratio(bytesPerCpuSecond(middle), theirs === null ? undefined : bytesPerCpuSecond(theirs.middle)),
    `${at}${percentiles.p50.toFixed(1)} / ${percentiles.p99.toFixed(1)}${lateness === 'pause' ? ' (pauses)' : ''}`,
    report.joined === 0 ? 'none joined' : `${report.joinMillis.p50.toFixed(1)} / ${report.joinMillis.p99.toFixed(1)}`,
    (bytesPerListener(report) / 1024).toFixed(1),
  ];
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
