import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { checkout } from './checkout.ts';
import { eventually } from './eventually.ts';

/** The weir command, as a user has it. */
export const weirCommand: string = join(checkout, 'services/standalone/bin/weir.js');

export interface WeirOptions {
  readonly environment?: Record<string, string>;
  /** Its standard input; closed when left out. */
  readonly stdin?: 'pipe';
  /** The most file descriptors it may open. */
  readonly descriptorsMax?: number;
}

/** A real weir process, its output kept. */
export class Weir {
  readonly process: ChildProcess;
  output = '';
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;

  constructor(argv: readonly string[], options: WeirOptions = {}) {
    const limit = options.descriptorsMax === undefined ? [] : ['prlimit', `--nofile=${options.descriptorsMax}`];
    const [program = '', ...rest] = [...limit, process.execPath, weirCommand, ...argv];
    this.process = spawn(program, rest, {
      stdio: [options.stdin ?? 'ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.environment },
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.exited = new Promise((resolve) => this.process.once('close', (code, signal) => resolve({ code, signal })));
  }

  /** Its root URL, without a slash at the end, once it listens. */
  async url(): Promise<string> {
    const url = await eventually(
      `weir listens; it said:\n${this.output}`,
      () => {
        if (this.process.exitCode !== null) throw new Error(`weir exited with ${this.process.exitCode}:\n${this.output}`);
        return /listening url=(\S+?)\/(stat)?\n/.exec(this.output)?.[1];
      },
      20_000,
    );
    return url;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<{ code: number | null; signal: NodeJS.Signals | null; seconds: number }> {
    const started = performance.now();
    this.process.kill(signal);
    const end = await this.exited;
    return { ...end, seconds: (performance.now() - started) / 1000 };
  }
}

/** Runs the weir command to its end. */
export async function runWeir(argv: readonly string[], options: WeirOptions = {}): Promise<{ code: number | null; output: string }> {
  const weir = new Weir(argv, options);
  const { code } = await weir.exited;
  return { code, output: weir.output };
}
