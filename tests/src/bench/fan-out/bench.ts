import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { BenchError } from './bench-error.ts';
import { findCores } from './machine.ts';
import type { Cores } from './machine.ts';
import { Processes } from './processes.ts';
import { encodeTestStream } from './test-stream.ts';
import type { TestStream, TransportStream } from './test-stream.ts';
import { compileTools } from './tools.ts';
import type { Tools } from './tools.ts';

/** What every measurement needs, and a folder for it that is removed at the end. */
export class Bench {
  readonly folder: string;
  readonly cores: Cores;
  readonly tools: Tools;
  readonly processes: Processes;
  readonly #files = new Map<TransportStream, string>();

  /** @throws BenchError when this machine lacks something */
  constructor() {
    this.cores = findCores();
    const pinned = spawnSync('taskset', ['-apc', String(this.cores.client), String(process.pid)]);
    if (pinned.status !== 0) throw new BenchError('taskset is not there or may not pin this process; it is in the package util-linux');
    this.folder = mkdtempSync(join(tmpdir(), 'weir-bench-'));
    // A server may run as another user.
    chmodSync(this.folder, 0o711);
    this.processes = new Processes(this.folder);
    try {
      this.tools = compileTools(this.folder);
    } catch (error) {
      this.#remove();
      throw error;
    }
  }

  /** The file that a stream loops, made when it is first asked for. */
  file(stream: TransportStream): string {
    const file = this.#files.get(stream) ?? encodeTestStream(stream, this.folder);
    this.#files.set(stream, file);
    return file;
  }

  /** The command that plays a stream on its standard output. */
  source(stream: TestStream): readonly [program: string, ...argv: string[]] {
    if (stream.format === 'mp3') return [this.tools.mp3Stamper];
    return [this.tools.stamper, this.file(stream), String(stream.bitsPerSecond), String(stream.framesPerSecond)];
  }

  async close(): Promise<void> {
    await this.processes.close();
    this.#remove();
  }

  #remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
