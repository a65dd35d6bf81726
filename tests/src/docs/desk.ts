import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { checkout } from '../support/checkout.ts';
import { eventually } from '../support/eventually.ts';

/** Milliseconds for what a command has to do: a slow machine with other work. */
const patienceMillis = 60_000;

/** What of the checkout is on a desk. */
const repository = ['deploy', 'helm', 'node_modules', 'package.json', 'services'] as const;

/** A command that runs. */
export interface Running {
  readonly pid: number;
  /** What it has written so far, to both outputs. */
  readonly said: () => string;
  readonly ended: Promise<number | null>;
}

/**
 * Where documented commands are typed: a folder that looks like the root of the repository, with the reader's own files beside.
 * `replacements` are what a test machine has in place of what the pages name: ports, hosts, times.
 */
export class Desk {
  readonly folder: string;
  readonly replacements: Map<string, string> = new Map();
  readonly environment: Record<string, string> = {};
  readonly #running = new Set<Running>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<Desk> {
    const folder = await mkdtemp(join(tmpdir(), 'weir-docs-'));
    // By name: a file that somebody has in the checkout, such as weir.yml, must not be written through a link.
    for (const name of repository) await symlink(join(checkout, name), join(folder, name));
    const desk = new Desk(folder);
    // The same without npx, which takes a second each time.
    desk.replacements.set('npx weir', 'weir');
    // Until one of ours is there: nobody else's process is asked.
    for (const port of [8090, 8091, 8092, 9090, 9092]) desk.replacements.set(`127.0.0.1:${port}`, '127.0.0.1:9');
    desk.environment['PATH'] = [join(checkout, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
    // Nobody waits for listeners when all is over.
    desk.environment['WEIR_DRAIN'] = '100ms';
    // Players without a screen, a sound card and a terminal.
    Object.assign(desk.environment, { SDL_AUDIODRIVER: 'dummy', SDL_VIDEODRIVER: 'dummy', MPV_HOME: join(folder, 'mpv') });
    await mkdir(join(folder, 'mpv'));
    await desk.write('mpv/mpv.conf', 'ao=null\nvo=null\n');
    return desk;
  }

  /** A file of the reader's. */
  async write(name: string, content: string): Promise<void> {
    await writeFile(join(this.folder, name), content);
  }

  /** Runs a command to its end, which has to be a good one; gives what it wrote. */
  async ends(command: string): Promise<string> {
    const running = this.#start(command);
    const timer = setTimeout(() => signal(running.pid, 'SIGKILL'), patienceMillis);
    const code = await running.ended;
    clearTimeout(timer);
    assert.equal(code, 0, `${this.#typed(command)}\n${running.said()}`);
    return running.said();
  }

  /** Starts a command and waits until it has written this; it goes on running. */
  async starts(command: string, expected: RegExp): Promise<Running & { readonly found: string }> {
    const running = this.#start(command);
    let code: number | null | undefined;
    void running.ended.then((ended) => (code = ended));
    const [all, group] = await eventually(
      `it writes ${expected}`,
      () => {
        const found = expected.exec(running.said());
        if (found === null && code !== undefined) throw new Error(`it ended with ${code}`);
        return found;
      },
      patienceMillis,
    ).catch((cause: unknown) => {
      throw new Error(`${this.#typed(command)}: ${String(cause)}\n${running.said()}`, { cause });
    });
    return Object.assign(running, { found: group ?? all });
  }

  /** Starts a command, waits until it has written this, and ends it. */
  async shows(command: string, expected: RegExp): Promise<void> {
    await this.stop(await this.starts(command, expected));
  }

  /** Ends a command and all that it has started, unless it has ended. */
  async stop(running: Running): Promise<void> {
    const { pid, ended } = running;
    if (!this.#running.has(running)) return;
    signal(pid, 'SIGTERM');
    const timer = setTimeout(() => signal(pid, 'SIGKILL'), 10_000);
    await ended;
    clearTimeout(timer);
  }

  /** Ends what runs, the last first. */
  async close(): Promise<void> {
    for (const running of [...this.#running].reverse()) await this.stop(running);
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A command as it is typed here. */
  #typed(command: string): string {
    return [...this.replacements].reduce((text, [documented, here]) => text.replaceAll(documented, here), command);
  }

  #start(command: string): Running {
    const child = spawn('bash', ['-c', this.#typed(command)], {
      cwd: this.folder,
      env: { ...process.env, ...this.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let said = '';
    for (const output of [child.stdout, child.stderr]) output.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-200_000)));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    assert.ok(child.pid !== undefined, command);
    const running: Running = { pid: child.pid, said: () => said, ended };
    this.#running.add(running);
    void ended.then(() => this.#running.delete(running));
    return running;
  }
}

/** To a process and what it has started; not to one that is gone. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
