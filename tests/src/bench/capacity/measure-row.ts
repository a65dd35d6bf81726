import { existsSync } from 'node:fs';
import { pause } from '../../support/eventually.ts';
import type { Bench } from '../fan-out/bench.ts';
import { BenchError } from '../fan-out/bench-error.ts';
import { runListeners } from '../fan-out/load.ts';
import type { Times } from '../fan-out/load.ts';
import type { RunningServer } from '../fan-out/server.ts';
import type { CapacityServer } from './capacity-server.ts';
import { fewListeners, lateMillisMax, listenersMax } from './limits.ts';
import { bytesPerCpuSecond, clientIsFull, lateMillis, whyTooMany } from './row.ts';
import type { Row, Step } from './row.ts';
import { searchMost } from './search.ts';
import type { Probed } from './search.ts';
import type { CapacityStream } from './streams.ts';

/** How much of each server is measured. */
export interface Effort {
  readonly step: Times;
  readonly middle: Times;
  /** Who join while the middle load is on. */
  readonly joins: number;
  /** Listeners at the middle load, at most. */
  readonly middleMax: number;
  /** Listeners at all, at most. */
  readonly listenersMax: number;
}

/** The whole of it, or enough to see that all of it runs. */
export function effortOf(quick: boolean): Effort {
  if (quick) {
    const times = { warmUpSeconds: 0.5, windowSeconds: 1.5 };
    return { step: times, middle: times, joins: 10, middleMax: 50, listenersMax: 200 };
  }
  return { step: { warmUpSeconds: 1.5, windowSeconds: 3 }, middle: { warmUpSeconds: 2, windowSeconds: 5 }, joins: 50, middleMax: Infinity, listenersMax: listenersMax() };
}

/** Between two loads, so that the server is rid of the first one's listeners. */
const restMillis = 1000;

/** Shares of what makes a server full from which on steps are small. */
const [strainedCoreShare, strainedLateShare] = [0.35, 0.2];

/** Fills a server with listeners until it is full. Never throws, unless the bench was interrupted: the row says why it failed. */
export async function measureRow(bench: Bench, server: CapacityServer, stream: CapacityStream, effort: Effort): Promise<Row> {
  const failed = (why: string): Row => {
    console.log(`  ${server.title}: ${why}`);
    return { server, stream, outcome: { state: 'failed', why } };
  };
  const missing = server.missing();
  if (missing !== null) return failed(missing);
  try {
    const running = await server.start(bench, stream);
    const row = await fill(bench, running, server, stream, effort);
    await running.stop();
    return row;
  } catch (error) {
    if (!bench.processes.open) throw error;
    await bench.processes.stopAll();
    return failed(error instanceof Error ? error.message.replaceAll(/\s+/g, ' ').slice(0, 300) : String(error));
  }
}

async function fill(bench: Bench, running: RunningServer, server: CapacityServer, stream: CapacityStream, effort: Effort): Promise<Row> {
  const watched = { pids: [running.pid, ...running.otherPids], every: server.lateness === 'delay' ? stream.every : 0 };
  const run = async (listeners: number, joins: number, times: Times): Promise<Step> => {
    await pause(restMillis);
    if (!existsSync(`/proc/${running.pid}`)) throw new BenchError(`it has ended by itself, before ${listeners} listeners`);
    return { listeners, report: await runListeners(bench, running, { listeners, stalled: 0, joins }, times, { ...watched, every: Math.min(watched.every, listeners) }) };
  };
  const few = await run(fewListeners, 0, effort.step);
  if (few.report.served < fewListeners) throw new BenchError(`serves ${few.report.served} of ${fewListeners}`);
  tell(server, few, few, null);
  const middleListeners = Math.min(stream.middle, effort.middleMax);
  const middle = await run(middleListeners, effort.joins, effort.middle);
  let most: Step | null = null;
  let tooMany: Step | null = null;
  const judge = (step: Step): Probed => {
    const why = whyTooMany({ server, stream }, few, step);
    tell(server, few, step, why);
    if (why === null) most = step;
    else tooMany = step;
    const core = step.report.coreBusySeconds / step.report.seconds;
    return { carried: why === null, strained: core > strainedCoreShare || lateMillis(server, few, step) > strainedLateShare * lateMillisMax };
  };
  await searchMost(async (listeners) => judge(listeners === middleListeners ? middle : await run(listeners, 0, effort.step)), middleListeners, effort.listenersMax);
  return { server, stream, outcome: { state: 'measured', few, middle, most, tooMany } };
}

function tell(server: CapacityServer, few: Step, step: Step, why: string | null): void {
  const { report, listeners } = step;
  const percentiles = server.lateness === 'delay' ? report.delayMillis : report.pauseMillis;
  const said = [
    `${String(listeners).padStart(6)} listeners`,
    `CPU ${report.serverSeconds.toFixed(2)} of ${report.seconds.toFixed(1)} s, client ${report.clientSeconds.toFixed(2)}`,
    `${(bytesPerCpuSecond(step) / 1e6).toFixed(0)} MB per CPU second`,
    `${server.lateness} p50 ${percentiles.p50.toFixed(1)} p99 ${percentiles.p99.toFixed(1)} ms, ${lateMillis(server, few, step).toFixed(1)} late`,
    ...(report.joined > 0 ? [`joins p99 ${report.joinMillis.p99.toFixed(1)} ms`] : []),
    ...(clientIsFull(step) ? ["the listeners' core is full"] : []),
    ...(why === null ? [] : [`TOO MANY: ${why}`]),
  ];
  console.log(`  ${server.title.padEnd(26)} ${said.join(', ')}`);
}
