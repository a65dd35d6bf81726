import { remoteMax } from './limits.ts';
import { readLoadOptions } from './load-options.ts';
import type { LoadOptions } from './load-options.ts';
import type { LoadReport } from './load-report.ts';
import { LoadRun } from './load-run.ts';
import { Progress } from './progress.ts';
import type { ProgressStream } from './progress.ts';
import { describeReport } from './summary.ts';
import { resolveTarget, UnknownHostError } from './target.ts';
import type { Target } from './target.ts';
import { LoadUsageError, usage } from './usage.ts';

/** What `weir load` writes to, and what ends it early. */
export interface LoadSurroundings {
  /** For the result. */
  readonly stdout: { write(text: string): unknown };
  /** For progress and complaints. */
  readonly stderr: ProgressStream;
  /** Ends the run; its result so far is printed. */
  readonly interruption: AbortSignal;
}

/** 64 as in sysexits.h. */
const exitCodes = { ok: 0, notOk: 1, usage: 64 } as const;

/**
 * `weir load`: connects many listeners to one URL and tells what became of them.
 *
 * @param argv what follows `weir load`
 * @returns the exit code: 0 when all who were to read were served, stayed, and saw no gap; 1 when not; 64 for a
 *   command line that makes no sense
 */
export async function runLoad(argv: readonly string[], { stdout, stderr, interruption }: LoadSurroundings): Promise<number> {
  try {
    const options = readLoadOptions(argv);
    if (options === null) {
      stdout.write(usage);
      return exitCodes.ok;
    }
    const target = await resolveTarget(options.url, options.insecure);
    refuseToHarm(options, target);
    const report = await new LoadRun(options, target, new Progress(stderr)).run(interruption);
    stdout.write(options.json ? jsonLine(report) : describeReport(report));
    return report.ok ? exitCodes.ok : exitCodes.notOk;
  } catch (error) {
    if (!(error instanceof LoadUsageError || error instanceof UnknownHostError)) throw error;
    stderr.write(`weir load: ${error.message}\n`);
    return error instanceof LoadUsageError ? exitCodes.usage : exitCodes.notOk;
  }
}

/** Numbers to three places after the point: nobody measures a clock's noise. */
function jsonLine(report: LoadReport): string {
  return `${JSON.stringify(report, (_, value: unknown) => (typeof value === 'number' ? Math.round(value * 1000) / 1000 : value))}\n`;
}

/** A mistyped URL must not overrun someone else's server. */
function refuseToHarm(options: LoadOptions, target: Target): void {
  const isMuch = options.listeners > remoteMax.listeners || options.churnPerSecond > remoteMax.churnPerSecond;
  if (target.isLoopback || options.allowRemote || !isMuch) return;
  throw new LoadUsageError(
    `${target.name} is not this machine: more than ${remoteMax.listeners} listeners, or a churn above ${remoteMax.churnPerSecond}, can bring a server down or look like an attack. ` +
      'If you may do that to it, add --allow-remote',
  );
}
