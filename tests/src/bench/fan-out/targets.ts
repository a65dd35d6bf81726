import type { CaseName } from './cases.ts';
import type { LoadReport } from './load.ts';
import { keepsUp } from './results.ts';
import type { Figure, Results } from './results.ts';
import type { Server } from './server.ts';

/** What came of something that weir aims at. */
export interface Outcome {
  readonly measured: string;
  readonly reached: boolean;
}

/** Something that weir aims at. */
export interface Target {
  readonly what: string;
  readonly aim: string;
  /** Null when what it takes was not measured. */
  readonly judge: (results: Results) => Outcome | null;
}

const cpu = (report: LoadReport): number => report.serverSeconds / report.seconds;
const p50 = (report: LoadReport): number => report.delayMillis.p50;
const p99 = (report: LoadReport): number => report.delayMillis.p99;
const millis = (value: number): string => value.toFixed(1);

/** The medians of one pick of several servers; null unless all of them were measured. */
function medians(of: CaseName, servers: readonly Server['name'][], pick: (report: LoadReport) => number, results: Results): number[] | null {
  const figures = servers.map((server) => results.figure(of, server, 0, pick)?.median);
  const known = figures.filter((figure) => figure !== undefined);
  return known.length === servers.length ? known : null;
}

function cpuOfVideo(results: Results): Outcome | null {
  const [floor = NaN, bare = NaN, serve = NaN] = medians('video', ['floor', 'bare-loop', 'serve'], cpu, results) ?? [];
  if (Number.isNaN(serve)) return null;
  const others = (['nats', 'icecast'] as const).flatMap((name) => {
    const other = results.figure('video', name, 0, cpu);
    return other === null ? [] : [`${name === 'nats' ? 'over NATS' : 'icecast2'} ${(other.median / floor).toFixed(2)}`];
  });
  const measured = [`${(serve / floor).toFixed(2)} x`, `bare loop ${(bare / floor).toFixed(2)}`, ...others].join('; ');
  return { measured, reached: serve / floor <= 1.7 };
}

function cpuOfMergedFrames(results: Results): Outcome | null {
  const [bare = NaN, serve = NaN] = medians('radio', ['bare-loop', 'serve'], cpu, results) ?? [];
  return Number.isNaN(serve) ? null : { measured: `${(serve / bare).toFixed(2)} x the bare loop`, reached: serve < bare };
}

function delayOfVideo(results: Results): Outcome | null {
  const [floorHalf = NaN, half = NaN] = medians('video', ['floor', 'serve'], p50, results) ?? [];
  const [floorMost = NaN, most = NaN] = medians('video', ['floor', 'serve'], p99, results) ?? [];
  if (Number.isNaN(most)) return null;
  return { measured: `${millis(half)} / ${millis(most)} ms; floor ${millis(floorHalf)} / ${millis(floorMost)}`, reached: half <= floorHalf + 2 && most <= floorMost + 15 };
}

function delayOverNats(results: Results): Outcome | null {
  const [half = NaN] = medians('few', ['nats'], p50, results) ?? [];
  const [most = NaN] = medians('few', ['nats'], p99, results) ?? [];
  return Number.isNaN(most) ? null : { measured: `${millis(half)} / ${millis(most)} ms`, reached: half <= 1.5 && most <= 6 };
}

function cpuOfRadio(results: Results): Outcome | null {
  const [core = NaN, theirs = NaN] = medians('radio', ['serve', 'icecast'], cpu, results) ?? [];
  const [delay = NaN, theirDelay = NaN] = medians('radio', ['serve', 'icecast'], p50, results) ?? [];
  if (Number.isNaN(theirDelay)) return null;
  const [gatheredCore = NaN] = medians('radio', ['gathered'], cpu, results) ?? [];
  const [gatheredDelay = NaN] = medians('radio', ['gathered'], p50, results) ?? [];
  const gathered = Number.isNaN(gatheredDelay) ? '' : `; with \`gather: 60ms\` ${gatheredCore.toFixed(2)} at ${millis(gatheredDelay)} ms`;
  return {
    measured: `${core.toFixed(2)} core at ${millis(delay)} ms${gathered}; icecast2 ${theirs.toFixed(2)} at ${millis(theirDelay)} ms`,
    reached: core <= theirs && delay <= theirDelay,
  };
}

/** The highest step that was kept up with in every round. */
function most(of: CaseName, aim: number): (results: Results) => Outcome | null {
  return (results) => {
    const mine = results.measurements.filter((each) => each.of.name === of);
    const [first] = mine;
    if (first === undefined) return null;
    const p99Max = first.of.limits?.p99Millis ?? Infinity;
    const rounds = Math.max(...mine.map(({ round }) => round));
    const passed = first.of.loads.filter((load) => {
      const measured = mine.filter((each) => each.load === load);
      return measured.length === rounds && measured.every((each) => keepsUp(each, p99Max));
    });
    const count = passed.at(-1)?.listeners ?? 0;
    const next = first.of.loads[passed.length];
    const failed = mine.find((each) => each.load === next && !keepsUp(each, p99Max));
    const beyond = failed === undefined ? '' : `; with ${failed.load.listeners} p99 is ${millis(p99(failed.report))} ms`;
    return { measured: count === 0 ? `fewer than ${first.of.loads[0]?.listeners}${beyond}` : `${count}${beyond}`, reached: count >= aim };
  };
}

/** Bytes of memory that one listener adds. */
export function bytesPerListener({ residentBytesBefore, residentBytesAfter, listeners }: LoadReport): number {
  return (residentBytesAfter - residentBytesBefore) / listeners;
}

function memory(results: Results): Outcome | null {
  const [serve = NaN, bare = NaN] = medians('radio', ['serve', 'bare-loop'], bytesPerListener, results) ?? [];
  if (Number.isNaN(bare)) return null;
  return { measured: `${(serve / 1024).toFixed(1)} KiB; bare loop ${(bare / 1024).toFixed(1)}`, reached: serve <= 25 * 1024 };
}

function warmJoin(results: Results): Outcome | null {
  const [serve = NaN, nats = NaN] = medians('join', ['serve', 'nats'], (report) => report.joinMillis.p99, results) ?? [];
  return Number.isNaN(nats) ? null : { measured: `p99 ${millis(serve)} ms; over NATS ${millis(nats)} ms`, reached: serve <= 10 && nats <= 10 };
}

/** Noise is how far apart two rounds of the same load are, or a tenth where they happen to agree. */
function stalled(results: Results): Outcome | null {
  const without = results.figure('stalled', 'serve', 0, p99);
  const beside = results.figure('stalled', 'serve', 1, p99);
  if (without === null || beside === null) return null;
  const spread = ({ least, most: greatest, median }: Figure): number => Math.max(greatest - least, median / 10);
  return { measured: `p99 ${millis(beside.median)} ms; without ${millis(without.median)} ms`, reached: beside.median <= without.median + Math.max(spread(without), spread(beside)) };
}

/** What weir aims at, as far as this bench can tell. */
export const targets: readonly Target[] = [
  { what: '1000 listeners x 1 Mbit/s, server CPU', aim: '<= 1.7 x floor', judge: cpuOfVideo },
  { what: 'server CPU where frames leave together (2000 listeners x 128 kbit/s)', aim: 'below the bare Node loop', judge: cpuOfMergedFrames },
  { what: '1000 listeners x 1 Mbit/s, added delay p50 / p99', aim: '<= floor + 2 ms / + 15 ms', judge: delayOfVideo },
  { what: '100 listeners x 1 Mbit/s, delay p50 / p99 from end to end over NATS', aim: '<= 1.5 / 6 ms', judge: delayOverNats },
  { what: '2000 listeners x 128 kbit/s, server CPU', aim: "<= icecast2's at <= its median delay", judge: cpuOfRadio },
  { what: 'listeners of one core at 1 Mbit/s with p99 below 250 ms', aim: '>= 6000', judge: most('most-video', 6000) },
  { what: 'listeners of one core at 232 kbit/s with p99 below 250 ms', aim: '>= 12 000', judge: most('most-radio', 12_000) },
  { what: 'memory of a listener who is caught up', aim: '<= 25 KiB', judge: memory },
  { what: 'connect to first byte of media while 500 listen', aim: 'p99 <= 10 ms', judge: warmJoin },
  { what: 'one stalled listener beside 1000', aim: 'their p99 unchanged within noise', judge: stalled },
];
