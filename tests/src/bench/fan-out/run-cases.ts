import { pause } from '../../support/eventually.ts';
import type { Bench } from './bench.ts';
import type { Case } from './cases.ts';
import { measureLoad } from './load.ts';
import type { Times } from './load.ts';
import { disturbed, keepsUp } from './results.ts';
import type { Measurement, Results } from './results.ts';
import type { Server } from './server.ts';
import { servers } from './servers.ts';

/** Between two loads, so that the server is rid of the first one's listeners. */
const restMillis = 1000;

/** Measures every case in every round, and tells each figure as it comes. What cannot be measured is told and left out. */
export async function runCases(bench: Bench, cases: readonly Case[], times: Times & { readonly rounds: number }, results: Results): Promise<void> {
  const missing = new Set<string>();
  for (let round = 1; round <= times.rounds; round++) {
    for (const each of cases) {
      console.log(`round ${round} of ${times.rounds}: ${each.title}`);
      for (const server of servers.filter(({ name }) => each.servers.includes(name))) {
        const reason = server.missing();
        if (reason === null) await runServer(bench, each, server, times, round, results);
        else if (!missing.has(server.name)) fail(results, `${server.title} is left out: ${reason}`);
        if (reason !== null) missing.add(server.name);
      }
    }
  }
}

async function runServer(bench: Bench, of: Case, server: Server, times: Times, round: number, results: Results): Promise<void> {
  try {
    const running = await server.start(bench, of.stream);
    for (const [step, load] of of.loads.entries()) {
      if (step > 0) await pause(restMillis);
      const measurement = { of, server: server.name, load, round, report: await measureLoad(bench, running, load, times) };
      results.measurements.push(measurement);
      console.log(`  ${server.title.padEnd(24)} ${describe(measurement)}`);
      if (of.limits !== null && !keepsUp(measurement, of.limits.p99Millis)) break;
    }
    await running.stop();
  } catch (error) {
    if (!bench.processes.open) throw error;
    fail(results, `${server.title}, ${of.title}, round ${round}: ${error instanceof Error ? error.message : String(error)}`);
    await bench.processes.stopAll();
  }
}

function fail(results: Results, why: string): void {
  results.failures.push(why);
  console.log(`  ${why}`);
}

function describe({ load, report }: Measurement): string {
  const { delayMillis: delay, joinMillis: join } = report;
  return [
    `${load.listeners}${load.stalled > 0 ? ` + ${load.stalled} stalled` : ''} listeners`,
    `CPU ${report.serverSeconds.toFixed(2)} of ${report.seconds.toFixed(0)} s`,
    `p50 ${delay.p50.toFixed(1)} p90 ${delay.p90.toFixed(1)} p99 ${delay.p99.toFixed(1)} ms`,
    `gaps ${report.gaps}`,
    ...(report.served < load.listeners ? [`served ${report.served}`] : []),
    ...(load.joins > 0 ? [`${report.joined} joins, p50 ${join.p50.toFixed(1)} p99 ${join.p99.toFixed(1)} ms`] : []),
    ...(disturbed(report) ? ['the core was shared with other work'] : []),
  ].join(', ');
}
