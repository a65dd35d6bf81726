import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { basename } from 'node:path';
import type { Duplex } from 'node:stream';
import type { CommandEnd } from './command-end.ts';
import { CommandInput } from './command-input.ts';
import { CommandOutput } from './command-output.ts';
import { ErrorLines } from './error-lines.ts';
import { ProcessGroup } from './process-group.ts';
import { explainSpawnFailure } from './spawn-failure.ts';
import type { SpawnFailure } from './spawn-failure.ts';

const stopGraceMillis = 5000;
/** How long what a child left running may go on after SIGTERM, and how long a child may live on without output unnoticed. */
const lingerMillis = 500;
const graceMillisMax = 2 ** 31 - 1;
const tickMillis = 50;
/** What no command has to know. */
const withheld: Readonly<Record<string, undefined>> = { WEIR_CONFIG_KEY: undefined, WEIR_ADMIN_TOKEN: undefined, WEIR_NATS: undefined, WEIR_NATS_PASSWORD: undefined };
/** Ticks without a byte, or ticks in all, after which an output that an escaped process holds open is given up. */
const quietTicksMax = 10;
const ticksMax = 100;

/** What to run, and who listens. Callbacks are never called before `Command.start` has returned. */
export interface CommandOptions {
  /** Program and arguments, passed on as they are: no shell reads them. */
  readonly argv: readonly string[];
  /** Variables on top of this process's own. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** How many pipes lead into the child: `pipe:0`, `pipe:3`, `pipe:4` and so on. With 0, its stdin is /dev/null. */
  readonly inputs: number;
  /** Each chunk of standard output, synchronously as it is read. The chunk is the callee's to keep. */
  onOutput(chunk: Buffer): void;
  /** Lines of standard error, up to 100 a second, cut at 2 KiB. They may contain secrets. */
  onErrorLine?(line: string): void;
  /** The child has closed its output and still lives half a second later: it will never give another byte. */
  onOutputClosed?(): void;
  /** Called exactly once, when the child and all it started have ended and everything they wrote was delivered. */
  onEnd(end: CommandEnd): void;
}

type Fate =
  | ({ readonly kind: 'not-started' } & SpawnFailure)
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: NodeJS.Signals };

/**
 * One run of one child process, from its start to the end of everything it started.
 *
 * The child leads a process group and a session of its own and inherits no file descriptor. After it has ended, the rest
 * of its group is ended as well (SIGTERM, SIGKILL half a second later); its output is then read to the end. A process
 * that left the group and holds the output open delays the end by half a second if it is silent, by 5 s at most.
 */
export class Command {
  /** The child's process id, and its group's; null when it could not be started. */
  readonly pid: number | null;
  /** The pipes into the child, in the order `pipe:0`, `pipe:3`, `pipe:4`. */
  readonly inputs: readonly CommandInput[];
  /** Fulfilled after `onEnd` was called. */
  readonly ended: Promise<CommandEnd>;

  readonly #options: CommandOptions;
  readonly #startedMillis: number = performance.now();
  readonly #errorLines: ErrorLines;
  readonly #group: ProcessGroup | null;
  readonly #child: ChildProcess | null;
  readonly #output: CommandOutput | null;
  #resolveEnded!: (end: CommandEnd) => void;

  #fate: Fate | null = null;
  #ranMillis = 0;
  #finished = false;
  #errorsClosed = false;
  #asked: string | null = null;
  #stopping = false;
  #forced = false;
  #killed = false;
  #killAtMillis = Infinity;
  #killTimer: NodeJS.Timeout | undefined;
  #closedTimer: NodeJS.Timeout | undefined;
  #ticker: NodeJS.Timeout | undefined;
  #ticks = 0;
  #quietTicks = 0;
  #readBytesBefore = 0;

  /** Starts the program. Never throws: what goes wrong is told by `onEnd`. */
  static start(options: CommandOptions): Command {
    return new Command(options);
  }

  private constructor(options: CommandOptions) {
    this.#options = options;
    this.#errorLines = new ErrorLines(options.onErrorLine?.bind(options));
    this.ended = new Promise((resolve) => (this.#resolveEnded = resolve));
    this.#child = this.#spawn();
    this.pid = this.#child?.pid ?? null;
    this.#group = this.pid === null ? null : new ProcessGroup(this.pid);
    this.inputs = Array.from({ length: options.inputs }, (_, index) => {
      const pipe = this.#child?.stdio?.[index === 0 ? 0 : index + 2];
      return new CommandInput((pipe as Duplex | null | undefined) ?? null);
    });
    this.#output = this.#readOutput();
    this.#readErrors();
  }

  /** The last lines of standard error so far, at most 50, oldest first. They may contain secrets. */
  get stderrTail(): string[] {
    return this.#errorLines.tail();
  }

  /** No `onOutput` until `resumeOutput()`; the child waits once its pipe is full. Its end waits too, unless `stop()` is called. */
  pauseOutput(): void {
    this.#output?.pause();
  }

  /** May deliver a chunk before it returns. */
  resumeOutput(): void {
    this.#output?.resume();
  }

  /**
   * Asks the child's group to end (SIGTERM), closes the pipes into it, for a program may wait for media without looking for
   * signals (ffmpeg does while it probes), and ends it after the grace (SIGKILL). The reason given first is the one reported;
   * a later call can only shorten the grace. The end is told by `onEnd` and `ended`.
   */
  stop(reason: string, { graceMillis = stopGraceMillis }: { readonly graceMillis?: number } = {}): void {
    if (this.#finished) return;
    if (this.#fate === null) this.#asked ??= reason;
    this.#stopping = true;
    this.#terminate(graceMillis);
    for (const input of this.inputs) input.close();
  }

  #spawn(): ChildProcess | null {
    const { argv, cwd, environment, inputs } = this.#options;
    const [file = '', ...args] = argv;
    const notStarted = (cause: unknown): void => {
      this.#fate = { kind: 'not-started', ...explainSpawnFailure(cause, file, cwd) };
      this.#finish();
    };
    try {
      const child = spawn(file, args, {
        stdio: [inputs === 0 ? 'ignore' : 'pipe', 'pipe', 'pipe', ...Array<'pipe'>(Math.max(0, inputs - 1)).fill('pipe')],
        detached: true,
        env: { ...process.env, ...withheld, ...environment },
        ...(cwd === undefined ? {} : { cwd }),
      });
      child.on('error', notStarted);
      child.on('exit', (code, signal) => {
        this.#exited(signal === null ? { kind: 'exited', code: code ?? 0 } : { kind: 'signalled', signal });
      });
      return child;
    } catch (cause) {
      process.nextTick(notStarted, cause);
      return null;
    }
  }

  #readOutput(): CommandOutput | null {
    const stream = this.#child?.stdout ?? null;
    if (stream === null) return null;
    return new CommandOutput(
      stream,
      (chunk) => this.#options.onOutput(chunk),
      () => {
        this.#closedTimer = setTimeout(() => setImmediate(() => this.#outlivesOutput()), lingerMillis);
        this.#settle();
      },
    );
  }

  #readErrors(): void {
    const stream = this.#child?.stderr ?? null;
    if (stream === null) return;
    stream.on('data', (chunk: Buffer) => this.#errorLines.push(chunk, performance.now()));
    stream.on('error', () => stream.destroy());
    stream.on('close', () => {
      this.#errorsClosed = true;
      this.#settle();
    });
  }

  /** Runs after the loop has looked for an exit: one that came with the end of the output is not taken for a silent life. */
  #outlivesOutput(): void {
    if (this.#fate === null && !this.#stopping) this.#options.onOutputClosed?.();
  }

  #exited(fate: Fate): void {
    this.#fate = fate;
    this.#ranMillis = performance.now() - this.#startedMillis;
    clearTimeout(this.#closedTimer);
    for (const input of this.inputs) input.close();
    if (!this.#stopping && this.#group?.alive === true) this.#terminate(lingerMillis);
    this.#ticker = setInterval(() => this.#tick(), tickMillis);
    this.#settle();
  }

  #terminate(graceMillis: number): void {
    const killAtMillis = performance.now() + graceMillis;
    if (this.#killAtMillis === Infinity) {
      this.#group?.signal('SIGTERM');
      // One that was stopped takes notice of it only now.
      this.#group?.signal('SIGCONT');
    }
    if (killAtMillis >= this.#killAtMillis) return;
    this.#killAtMillis = killAtMillis;
    clearTimeout(this.#killTimer);
    this.#killTimer = setTimeout(() => this.#kill(), Math.min(graceMillis, graceMillisMax));
  }

  #kill(): void {
    this.#killed = true;
    if (this.#group?.alive === true) this.#forced = true;
    this.#group?.signal('SIGKILL');
  }

  /** Counted in turns of the loop rather than in time: however late a tick comes, the pipes were read between two of them. */
  #tick(): void {
    this.#settle();
    if (this.#finished || (this.#group?.alive === true && !this.#killed)) return;
    if (this.#output?.paused === true && !this.#stopping) return;
    const readBytes = this.#output?.readBytes ?? 0;
    this.#quietTicks = readBytes === this.#readBytesBefore ? this.#quietTicks + 1 : 0;
    this.#readBytesBefore = readBytes;
    this.#ticks++;
    if (this.#quietTicks >= quietTicksMax || this.#ticks >= ticksMax) this.#finish();
  }

  #settle(): void {
    if (this.#fate === null || this.#finished || this.#group?.alive === true) return;
    if (this.#errorsClosed && this.#output?.finished !== false) this.#finish();
  }

  #finish(): void {
    if (this.#fate === null || this.#finished) return;
    this.#finished = true;
    clearTimeout(this.#killTimer);
    clearTimeout(this.#closedTimer);
    clearInterval(this.#ticker);
    this.#group?.release();
    this.#output?.destroy();
    this.#child?.stderr?.destroy();
    for (const input of this.inputs) input.close();
    this.#errorLines.end(performance.now());
    const end: CommandEnd = {
      ...this.#fate,
      program: basename(this.#options.argv[0] ?? ''),
      asked: this.#asked,
      forced: this.#forced,
      ranMillis: this.#ranMillis,
      stderrTail: this.#errorLines.tail(),
    };
    this.#options.onEnd(end);
    this.#resolveEnded(end);
  }
}
