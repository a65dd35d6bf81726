// npm run soak -- MINUTES: everything happens to a fleet for so long, and whatever then still grows is told. Exit code: 0 nothing
// grows, 1 something does. A run of half an hour writes SOAK.md.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { checkout } from '../support/checkout.ts';
import { Fleet } from './fleet.ts';
import { readSoakOptions, toldMinutesMin } from './options.ts';
import { verdict, writeReport } from './report.ts';
import type { Told } from './report.ts';
import { SoakError } from './soak-error.ts';
import { soak } from './soak.ts';

// nats-server is in a folder that Debian has in the PATH of root alone.
process.env['PATH'] = `${process.env['PATH']}:/usr/local/sbin:/usr/sbin:/sbin`;

async function main(argv: readonly string[]): Promise<number> {
  const { minutes, folder: kept } = readSoakOptions(argv);
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());
  const folder = kept === null ? mkdtempSync(join(tmpdir(), 'weir-soak-')) : resolve(kept);
  mkdirSync(folder, { recursive: true });
  try {
    const fleet = await Fleet.start(folder);
    console.log(`the fleet runs; ${minutes} minutes from here`);
    let told: Told;
    try {
      told = await soak(fleet, minutes, kept !== null, interrupted.signal);
    } finally {
      await fleet.stop();
    }
    const report = writeReport(told);
    console.log(`\n${report}`);
    if (told.minutes >= toldMinutesMin) writeFileSync(join(checkout, 'SOAK.md'), report);
    console.log(verdict(told));
    return told.findings.some((finding) => finding.grows) || told.faults.length > 0 ? 1 : 0;
  } finally {
    if (kept === null) rmSync(folder, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SoakError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
