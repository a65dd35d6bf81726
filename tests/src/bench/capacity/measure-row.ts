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
import type { Outcome, Row, Step } from './row.ts';
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

/** Share of its core below which a server should not be too late. */
const idleCoreShare = 0.6;

/** Fills a server with listeners until it is full. Never throws, unless the bench was interrupted: the row says why it failed. */
export async function measureRow(bench: Bench, server: CapacityServer, stream: CapacityStream, effort: Effort): Promise<Row> {
  const failed = (why: string): Row => {
    console.log(`  ${server.title}: ${why}`);
    return { server, stream, outcome: { state: 'failed', why } };
  };
  const missing = server.missing();
  if (missing !== null) return failed(missing);
  const filling = new Filling(bench, server, stream, effort);
  try {
    const outcome = await filling.fill();
    await filling.stop();
    return { server, stream, outcome };
  } catch (error) {
    if (!bench.processes.open) throw error;
    await bench.processes.stopAll();
    return failed(error instanceof Error ? error.message.replaceAll(/\s+/g, ' ').slice(0, 300) : String(error));
  }
}

/** One server that is filled; started again when it does not survive that. */
class Filling {
  readonly #bench: Bench;
  readonly #server: CapacityServer;
  readonly #stream: CapacityStream;
  readonly #effort: Effort;
  #running: RunningServer | null = null;

  constructor(bench: Bench, server: CapacityServer, stream: CapacityStream, effort: Effort) {
    this.#bench = bench;
    this.#server = server;
    this.#stream = stream;
    this.#effort = effort;
  }

  async fill(): Promise<Outcome> {
    const { joins, step: times, middle: middleTimes, middleMax, listenersMax: max } = this.#effort;
    const few = await this.#run(fewListeners, 0, times);
    if (few.report.served < fewListeners) throw new BenchError(`serves ${few.report.served} of ${fewListeners}`);
    tell(this.#server, few, few, null);
    const middleListeners = Math.min(this.#stream.middle, middleMax);
    const steps = new Map<number, Step>();
    const probe = async (listeners: number): Promise<Probed & { core: number }> => {
      const isMiddle = listeners === middleListeners;
      const step = await this.#run(listeners, isMiddle ? joins : 0, isMiddle ? middleTimes : times);
      const why = whyTooMany(this.#server, this.#stream, few, step);
      tell(this.#server, few, step, why);
      steps.set(listeners, step);
      const core = step.report.coreBusySeconds / step.report.seconds;
      const strained = core > strainedCoreShare || lateMillis(this.#server, few, step) > strainedLateShare * lateMillisMax;
      return { carried: why === null, strained, core };
    };
    const found = await searchMost((listeners) => twiceWhenIdle(listeners, probe), middleListeners, max);
    const [most, tooMany] = [steps.get(found.carried) ?? null, found.tooMany === null ? null : (steps.get(found.tooMany) ?? null)];
    // Who does not carry the middle load is shown at half of what it carries.
    const middleStep = found.carried >= middleListeners ? steps.get(middleListeners) : undefined;
    const middle = middleStep ?? (await this.#run(Math.max(1, (most?.listeners ?? fewListeners) >> 1), joins, middleTimes));
    return { state: 'measured', few, middle, most, tooMany };
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
    this.#running = null;
  }

  async #run(listeners: number, joins: number, times: Times): Promise<Step> {
    await pause(restMillis);
    const running = (this.#running ??= await this.#server.start(this.#bench, this.#stream));
    const every = this.#server.lateness === 'delay' ? Math.min(this.#stream.every, listeners) : 0;
    const report = await runListeners(this.#bench, running, { listeners, stalled: 0, joins }, times, { pids: [running.pid, ...running.otherPids], every });
    const fatal = !existsSync(`/proc/${running.pid}`);
    if (fatal) await this.stop();
    return { listeners, report, fatal };
  }
}

/** A server that fails with time to spare may have met with something else: it is asked again. */
async function twiceWhenIdle(listeners: number, probe: (listeners: number) => Promise<Probed & { core: number }>): Promise<Probed> {
  const first = await probe(listeners);
  return first.carried || first.core > idleCoreShare ? first : await probe(listeners);
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
