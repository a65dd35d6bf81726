// node tests/dist/bench/capacity.js [--quick] [--only SERVER]... [--stream STREAM]...: how many listeners one core carries with weir, icecast2,
// liquidsoap and nginx. A whole run takes about twenty minutes and writes CAPACITY.md; others only print. Figures fail nothing.
import { capacityServers } from './capacity/capacity-servers.ts';
import { effortOf, measureRow } from './capacity/measure-row.ts';
import { readCapacityOptions } from './capacity/options.ts';
import { writeCapacityReport } from './capacity/report.ts';
import type { Row } from './capacity/row.ts';
import { capacityStreams } from './capacity/streams.ts';
import { runBench } from './fan-out/bench-command.ts';
import { describeMachine, versionOf } from './fan-out/machine.ts';

await runBench(async (bench) => {
  const { quick, servers, streams } = readCapacityOptions(process.argv.slice(2));
  const started = performance.now();
  const others = [['liquidsoap', versionOf('liquidsoap', ['--version'])], ['nginx', versionOf('nginx', ['-v'])]] as const;
  const machine = [...describeMachine(bench.cores), ...others];
  for (const [name, value] of machine) console.log(`${name}: ${value}`);
  const effort = effortOf(quick);
  const rows: Row[] = [];
  for (const stream of streams) {
    for (const server of servers.filter((each) => each.streams.includes(stream.name))) {
      console.log(`${stream.title}, ${server.title}, after ${((performance.now() - started) / 60_000).toFixed(1)} minutes`);
      rows.push(await measureRow(bench, server, stream, effort));
    }
  }
  const report = writeCapacityReport({ machine, effort, rows, seconds: (performance.now() - started) / 1000 });
  const isWhole = !quick && servers.length === capacityServers.length && streams.length === capacityStreams.length;
  return { report, page: isWhole ? 'CAPACITY.md' : null };
});
