// node tests/dist/bench/fan-out.js [--quick] [--only CASE]: weir's fan-out beside the kernel's own cost, a bare loop in Node and
// icecast2, one after the other on one core. A whole run takes ten minutes and writes BENCHMARKS.md; others only print. Figures fail nothing.
import { runBench } from './fan-out/bench-command.ts';
import { casesOf, timesOf } from './fan-out/cases.ts';
import { describeMachine } from './fan-out/machine.ts';
import { readBenchOptions } from './fan-out/options.ts';
import { writeReport } from './fan-out/report.ts';
import { Results } from './fan-out/results.ts';
import { runCases } from './fan-out/run-cases.ts';

await runBench(async (bench) => {
  const { quick, only } = readBenchOptions(process.argv.slice(2));
  const started = performance.now();
  const machine = describeMachine(bench.cores);
  for (const [name, value] of machine) console.log(`${name}: ${value}`);
  const cases = casesOf(quick).filter(({ name }) => only === null || name === only);
  const times = timesOf(quick);
  const results = new Results();
  await runCases(bench, cases, times, results);
  const report = writeReport({ machine, cases, times, results, seconds: (performance.now() - started) / 1000 });
  return { report, page: quick || only !== null ? null : 'BENCHMARKS.md' };
});
