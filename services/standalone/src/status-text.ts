import { formatBitRate, formatCount, formatElapsed, needsAttention } from '@weir/http';
import type { FleetStatus, ProducerStatus } from '@weir/telemetry';
import { printable, textTable } from './text-table.ts';

/** A longer error ends with an ellipsis: /stat has all of it. */
const errorCharactersMax = 200;

/** Names of what someone should look at: failed, or lost with its ingest. */
export function troubledIn({ feeds, encoders, streams }: FleetStatus): readonly string[] {
  const producers = [...feeds, ...encoders].filter(({ mood }) => needsAttention(mood)).map(({ kind, name, mood }) => `${kind} ${name} is ${mood}`);
  // An edge knows no producers.
  return producers.length > 0 ? producers : streams.filter(({ mood }) => needsAttention(mood)).map(({ name, mood }) => `stream ${name} is ${mood}`);
}

/** The fleet for people at a terminal. */
export function statusText(status: FleetStatus, url: string): string {
  const { time, weirVersion, streams, feeds, encoders, ingests, edges, listeners } = status;
  const troubled = troubledIn(status);
  const out = streams.reduce((sum, { bitsPerSecondOut }) => sum + bitsPerSecondOut, 0);
  const sections = [
    [`weir ${printable(weirVersion)} at ${url}, up ${formatElapsed(status.since, time)}: ${formatCount(listeners)} listening, ${formatBitRate(out)} out`],
    [troubled.length === 0 ? 'All is well.' : printable(`Look at this: ${troubled.join(', ')}.`)],
    textTable(
      ['STREAM', 'MOOD', 'LISTENERS', 'PEAK', 'IN', 'OUT', 'PATH'],
      streams.map((stream) => [stream.name, stream.mood, formatCount(stream.listeners), formatCount(stream.listenersPeak), formatBitRate(stream.bitsPerSecondIn), formatBitRate(stream.bitsPerSecondOut), stream.path]),
      [2, 3, 4, 5],
    ),
    producers('FEED', feeds, time),
    producers('ENCODER', encoders, time),
    textTable(
      ['INSTANCE', 'ROLE', 'PID', 'UP', 'LISTENERS', 'URL'],
      [
        ...ingests.map(({ instance, pid, since }) => [instance, 'ingest', String(pid), formatElapsed(since, time), '', '']),
        ...edges.map((edge) => [edge.instance, edge.draining === true ? 'edge, draining' : 'edge', String(edge.pid), formatElapsed(edge.since, time), formatCount(edge.listeners), edge.url]),
      ],
      [2, 4],
    ),
    errors([...feeds, ...encoders]),
  ];
  return `${sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function producers(head: string, all: readonly ProducerStatus[], time: string): readonly string[] {
  const rows = all.map((each) => [each.name, each.mood, formatElapsed(each.since, time), formatBitRate(each.bitsPerSecond), String(each.restarts), each.format ?? '', each.owner]);
  return rows.length === 0 ? [] : textTable([head, 'MOOD', 'FOR', 'RATE', 'RESTARTS', 'FORMAT', 'OWNER'], rows, [3, 4]);
}

/** What went wrong last, of those that are not well. */
function errors(all: readonly ProducerStatus[]): readonly string[] {
  return all.flatMap(({ name, mood, lastError }) => {
    if (lastError === null || mood === 'happy' || mood === 'sleeping') return [];
    const line = printable(lastError.trim().replace(/\s+/g, ' '));
    return `${printable(name)}: ${line.length <= errorCharactersMax ? line : `${line.slice(0, errorCharactersMax)}…`}`;
  });
}
