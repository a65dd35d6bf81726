// node tests/dist/bench/fan-out.js [--quick] [--only CASE]: weir's fan-out beside the kernel's own cost, a bare loop in Node and
// icecast2, one after the other on one core. A whole run takes ten minutes and writes BENCHMARKS.md; others only print. Figures fail nothing.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../support/checkout.ts';
import { BenchError } from './fan-out/bench-error.ts';
import { Bench } from './fan-out/bench.ts';
import { casesOf, timesOf } from './fan-out/cases.ts';
import { describeMachine } from './fan-out/machine.ts';
import { readBenchOptions } from './fan-out/options.ts';
import { writeReport } from './fan-out/report.ts';
import { Results } from './fan-out/results.ts';
import { runCases } from './fan-out/run-cases.ts';

// nats-server is in a folder that Debian has in the PATH of root alone.
process.env['PATH'] = `${process.env['PATH']}:/usr/local/sbin:/usr/sbin:/sbin`;

async function main(argv: readonly string[]): Promise<number> {
  const { quick, only } = readBenchOptions(argv);
  const bench = new Bench();
  const interrupt = (): void => {
    console.log('stopping');
    void bench.close().then(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  const started = performance.now();
  const machine = describeMachine(bench.cores);
  for (const [name, value] of machine) console.log(`${name}: ${value}`);
  const cases = casesOf(quick).filter(({ name }) => only === null || name === only);
  const times = timesOf(quick);
  const results = new Results();
  try {
    await runCases(bench, cases, times, results);
  } finally {
    await bench.close();
  }
  const report = writeReport({ machine, cases, times, results, seconds: (performance.now() - started) / 1000 });
  if (quick || only !== null) {
    console.log(`\n${report}`);
  } else {
    writeFileSync(join(checkout, 'BENCHMARKS.md'), report);
    console.log('BENCHMARKS.md is written');
  }
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof BenchError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
