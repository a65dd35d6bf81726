import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BenchError } from './bench-error.ts';

/** Milliseconds that a process which was told to end may take. */
const endMillisMax = 3000;

export interface StartOptions {
  /** File descriptors of this process. By default there is no input, and the output goes to {@link Started.said}. */
  readonly stdin?: number;
  readonly stdout?: number;
  /** User and group to run as. */
  readonly user?: number;
}

/** A process of the bench. */
export interface Started {
  readonly pid: number;
  /** The exit code; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Its standard error, and its output unless that went elsewhere, up to now. */
  said(): string;
  /** Ends it, gently if it can. */
  stop(): Promise<void>;
}

/** Those whom a process has started, now. */
export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter((child) => child !== '').map(Number);
}

/** All processes of one bench: each pinned to a core, none left behind. */
export class Processes {
  readonly #folder: string;
  readonly #running = new Set<Started>();
  #count = 0;
  #open = true;

  /** @param folder for what they say, and for their temporary files */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** False once the bench was interrupted. */
  get open(): boolean {
    return this.#open;
  }

  /** @throws BenchError when there is no such program, or the bench was interrupted */
  start(core: number, program: string, argv: readonly string[], options: StartOptions = {}): Started {
    if (!this.#open) throw new BenchError('interrupted');
    const logFile = join(this.#folder, `${this.#count++}.log`);
    const log = openSync(logFile, 'w');
    const { stdin = 'ignore', stdout = log, user } = options;
    const child = spawn('taskset', ['-c', String(core), program, ...argv], {
      stdio: [stdin, stdout, log],
      env: { ...process.env, TMPDIR: this.#folder },
      ...(user === undefined ? {} : { uid: user, gid: user }),
    });
    closeSync(log);
    const exited = new Promise<number | null>((resolve) => {
      child.once('exit', resolve);
      child.once('error', () => resolve(null));
    });
    if (child.pid === undefined) throw new BenchError('taskset is not there; it is in the package util-linux');
    const started: Started = {
      pid: child.pid,
      exited,
      said: () => readFileSync(logFile, 'utf8'),
      stop: async () => {
        child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), endMillisMax);
        await exited;
        clearTimeout(timer);
      },
    };
    this.#running.add(started);
    void exited.then(() => this.#running.delete(started));
    return started;
  }

  /** Ends all of them. */
  async stopAll(): Promise<void> {
    await Promise.all([...this.#running].map((started) => started.stop()));
  }

  /** Ends all of them; no other can be started. */
  async close(): Promise<void> {
    this.#open = false;
    await this.stopAll();
  }
}
