import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../../support/checkout.ts';
import { BenchError } from './bench-error.ts';
import { Bench } from './bench.ts';

/** What a command measures, and the page that tells of it; a run of a part has none. */
export interface Measured {
  readonly report: string;
  readonly page: string | null;
}

/** Runs a bench to its end, or until it is interrupted, and writes or prints what it has measured. Sets the exit code. */
export async function runBench(measure: (bench: Bench) => Promise<Measured>): Promise<void> {
  // nats-server and nginx are in folders that Debian has in the PATH of root alone.
  process.env['PATH'] = `${process.env['PATH']}:/usr/local/sbin:/usr/sbin:/sbin`;
  try {
    const { report, page } = await measured(measure);
    if (page === null) {
      console.log(`\n${report}`);
    } else {
      writeFileSync(join(checkout, page), report);
      console.log(`${page} is written`);
    }
  } catch (error) {
    if (!(error instanceof BenchError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

async function measured(measure: (bench: Bench) => Promise<Measured>): Promise<Measured> {
  const bench = new Bench();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      console.log('stopping');
      void bench.close().then(() => process.exit(130));
    });
  }
  try {
    return await measure(bench);
  } finally {
    await bench.close();
  }
}
