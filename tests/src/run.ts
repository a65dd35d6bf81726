// Runs the tests of all workspaces: `node tests/dist/run.js [part of a path]...`. Exits 1 unless all that ran passed.
// `node --test` takes folders on Node 20 and patterns on later ones; `run({ files })` is the same on all of them.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { killLeftovers, markDescendants, type Leftover } from './runner/leftovers.ts';
import { findTestFiles, type TestFile } from './runner/test-files.ts';
import { Totals, type RunnerEvent } from './runner/totals.ts';
import { checkout } from './support/checkout.ts';

/** Files that run under the same conditions. One that takes longer than its limit is killed and has failed. */
interface Round {
  readonly alone: boolean;
  readonly filesAtOnce: number;
  readonly fileMinutesMax: number;
}

/** First what may share the machine, then one by one what may not. */
const rounds: readonly Round[] = [
  { alone: false, filesAtOnce: Math.min(availableParallelism(), 8), fileMinutesMax: 4 },
  { alone: true, filesAtOnce: 1, fileMinutesMax: 8 },
];

/** Minutes for a file that builds images or tools. */
const patientMinutesMax = 30;

/** A browser or an encoder that was told to stop may take this long. */
const leftoverGraceMillis = 3000;

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());

process.exitCode = await main(process.argv.slice(2));

async function main(filters: readonly string[]): Promise<0 | 1> {
  const files = findTestFiles(checkout, filters);
  if (files.length === 0) return refuse(`no test has "${filters.join('" or "')}" in its path`);
  const unbuilt = files.find(({ built }) => !existsSync(join(checkout, built)));
  if (unbuilt !== undefined) return refuse(`${unbuilt.source} has not been compiled: npm run build`);

  // nats-server is in a folder that Debian has in the PATH of root alone.
  process.env['PATH'] = `${process.env['PATH']}:/usr/local/sbin:/usr/sbin:/sbin`;
  const mark = markDescendants();
  const started = performance.now();
  const totals = new Totals();
  const leftovers: Leftover[] = [];
  const report = new spec();
  report.pipe(process.stdout);
  // Whoever read the report has gone, as in `node tests/dist/run.js | head`.
  process.stdout.once('error', () => {
    interrupted.abort();
    report.resume();
  });
  for (const round of rounds) {
    await runRound(round, files, (event) => totals.take(event) || report.write(event));
    leftovers.push(...(await killLeftovers(mark, interrupted.signal.aborted ? 0 : leftoverGraceMillis)));
  }
  for (const event of totals.events(performance.now() - started)) report.write(event);
  report.end();
  await finished(report);

  for (const { pid, command } of leftovers) refuse(`a test has left process ${pid} behind, now killed: ${command}`);
  if (interrupted.signal.aborted) return refuse('interrupted');
  if (totals.count('tests') === 0) return refuse('no test has run');
  return totals.count('fail') + totals.count('cancelled') + leftovers.length === 0 ? 0 : 1;
}

async function runRound(round: Round, files: readonly TestFile[], take: (event: RunnerEvent) => void): Promise<void> {
  const queue = files.filter(({ alone }) => alone === round.alone);
  const runQueue = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined && !interrupted.signal.aborted; file = queue.shift()) {
      // Side by side, a file's report waits until it is whole.
      const events: RunnerEvent[] = [];
      await runFile(file, file.patient ? patientMinutesMax : round.fileMinutesMax, round.filesAtOnce === 1 ? take : (event) => events.push(event));
      for (const event of events) take(event);
    }
  };
  await Promise.all(Array.from({ length: round.filesAtOnce }, runQueue));
}

/** One call of the runner for each file: its own time limit covers a file only on some versions of Node. */
async function runFile(file: TestFile, minutesMax: number, take: (event: RunnerEvent) => void): Promise<void> {
  const limit = AbortSignal.timeout(minutesMax * 60_000);
  const signal = AbortSignal.any([interrupted.signal, limit]);
  for await (const event of run({ files: [join(checkout, file.built)], signal })) take(event as RunnerEvent);
  if (limit.aborted) refuse(`${file.source} took longer than ${minutesMax} minutes and was killed`);
}

function refuse(reason: string): 1 {
  process.stderr.write(`tests: ${reason}\n`);
  return 1;
}
