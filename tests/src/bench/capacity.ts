// node tests/dist/bench/capacity.js [--quick] [--only SERVER]... [--stream STREAM]...: how many listeners one core carries with weir, icecast2,
// liquidsoap and nginx. A whole run takes about twenty minutes and writes CAPACITY.md; others only print. Figures fail nothing.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../support/checkout.ts';
import { capacityServers } from './capacity/capacity-servers.ts';
import { effortOf, measureRow } from './capacity/measure-row.ts';
import { readCapacityOptions } from './capacity/options.ts';
import { writeCapacityReport } from './capacity/report.ts';
import type { Row } from './capacity/row.ts';
import { capacityStreams } from './capacity/streams.ts';
import { BenchError } from './fan-out/bench-error.ts';
import { Bench } from './fan-out/bench.ts';
import { describeMachine, versionOf } from './fan-out/machine.ts';

// nats-server and nginx are in folders that Debian has in the PATH of root alone.
process.env['PATH'] = `${process.env['PATH']}:/usr/local/sbin:/usr/sbin:/sbin`;

async function main(argv: readonly string[]): Promise<number> {
  const { quick, servers, streams } = readCapacityOptions(argv);
  const bench = new Bench();
  const interrupt = (): void => {
    console.log('stopping');
    void bench.close().then(() => process.exit(130));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  const started = performance.now();
  const others = [['liquidsoap', versionOf('liquidsoap', ['--version'])], ['nginx', versionOf('nginx', ['-v'])]] as const;
  const machine = [...describeMachine(bench.cores), ...others];
  for (const [name, value] of machine) console.log(`${name}: ${value}`);
  const effort = effortOf(quick);
  const rows: Row[] = [];
  try {
    for (const stream of streams) {
      for (const server of servers.filter((each) => each.streams.includes(stream.name))) {
        console.log(`${stream.title}, ${server.title}, after ${((performance.now() - started) / 60_000).toFixed(1)} minutes`);
        rows.push(await measureRow(bench, server, stream, effort));
      }
    }
  } finally {
    await bench.close();
  }
  const report = writeCapacityReport({ machine, effort, rows, seconds: (performance.now() - started) / 1000 });
  if (quick || servers.length < capacityServers.length || streams.length < capacityStreams.length) {
    console.log(`\n${report}`);
  } else {
    writeFileSync(join(checkout, 'CAPACITY.md'), report);
    console.log('CAPACITY.md is written');
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
