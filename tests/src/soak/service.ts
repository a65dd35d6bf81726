import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { weirCommand } from '../support/weir.ts';
import { eventually } from '../support/eventually.ts';
import { childrenOf, descendantsOf, isWorker } from './processes.ts';

/** The signal that makes a service write a heap snapshot into the soak's folder. */
export const snapshotSignal = 'SIGWINCH';

/** Milliseconds a service may take to end. */
const endMillisMax = 15_000;

/** A process that is watched; what it says goes to a file. */
export class Service {
  readonly name: string;
  readonly pid: number;
  readonly #logFile: string;
  readonly #process: ChildProcess;
  readonly #exited: Promise<void>;

  private constructor(name: string, folder: string, program: string, argv: readonly string[], environment: Readonly<Record<string, string>>) {
    this.name = name;
    this.#logFile = join(folder, `${name}.log`);
    const log = openSync(this.#logFile, 'a');
    this.#process = spawn(program, argv, { stdio: ['ignore', log, log], cwd: folder, env: { ...process.env, ...environment } });
    closeSync(log);
    this.#exited = new Promise((resolve) => {
      this.#process.once('exit', () => resolve());
      this.#process.once('error', () => resolve());
    });
    this.pid = this.#process.pid ?? 0;
  }

  /** Any program, such as nats-server. */
  static program(name: string, folder: string, program: string, argv: readonly string[]): Service {
    return new Service(name, folder, program, argv, {});
  }

  /** A weir that can be probed. */
  static weir(name: string, folder: string, argv: readonly string[], environment: Readonly<Record<string, string>> = {}): Service {
    const probe = pathToFileURL(join(import.meta.dirname, 'probe.js')).href;
    const options = `--import=${probe} --heapsnapshot-signal=${snapshotSignal} --trace-warnings`;
    return new Service(name, folder, process.execPath, [weirCommand, ...argv], { SOAK_PROBES: folder, NODE_OPTIONS: options, ...environment });
  }

  /** All it has said. */
  get log(): string {
    return readFileSync(this.#logFile, 'utf8');
  }

  get ended(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** The process itself and, of an edge with workers, these. */
  get processes(): readonly number[] {
    return [this.pid, ...childrenOf(this.pid).filter(isWorker)];
  }

  /** What it runs beside its workers: commands, and those that these run. */
  get commands(): readonly number[] {
    const own = new Set(this.processes);
    return descendantsOf(this.pid).filter((pid) => !own.has(pid));
  }

  /** Its root URL, without a slash at the end, once it listens. */
  async url(): Promise<string> {
    return eventually(
      `${this.name} listens`,
      () => {
        if (this.ended) throw new Error(`${this.name} has ended:\n${this.log}`);
        return /listening url=(\S+?)\/(stat)?\n/.exec(this.log)?.[1];
      },
      60_000,
    );
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.ended) this.#process.kill(signal);
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.pid === 0) return;
    this.signal(signal);
    const timer = setTimeout(() => this.signal('SIGKILL'), endMillisMax);
    await this.#exited;
    clearTimeout(timer);
  }
}
