import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { configuredName } from '@weir/config';
import type { RotatedFile } from '@weir/telemetry';
import { UsageError } from './usage.ts';

/** Files that are open at the same time. */
const openFilesMax = 200;

/** Milliseconds after which a file that nothing is written to is closed when something is written to another: its feed may be gone for good. */
const idleMillisMax = 60_000;

/** A file, and when it was written to last; monotonic. */
interface CommandFile {
  readonly file: RotatedFile;
  readonly writtenMillis: number;
}

/** One file for each feed and encoder; all sources of a pattern share theirs. They are closed when they are idle, or too many, and opened again when there is more to write. */
export class CommandFiles {
  readonly #folder: string;
  readonly #open: (path: string) => RotatedFile;
  readonly #now: () => number;
  /** By path; the one that was written to last comes last. */
  readonly #files = new Map<string, CommandFile>();

  /** @throws UsageError when the folder can be neither found nor made */
  constructor(folder: string, open: (path: string) => RotatedFile, now: () => number = () => performance.now()) {
    this.#folder = folder;
    this.#open = open;
    this.#now = now;
    try {
      mkdirSync(folder, { recursive: true });
    } catch (error) {
      throw new UsageError(`--command-logs ${folder}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }

  /** @param producer `feed cam` or `encoder cam-sound` */
  write(producer: string, line: string): void {
    const [kind = '', name = ''] = producer.split(' ');
    const path = join(this.#folder, `${kind}-${configuredName(name)}.log`);
    const file = this.#files.get(path)?.file ?? this.#open(path);
    const now = this.#now();
    this.#files.delete(path);
    this.#files.set(path, { file, writtenMillis: now });
    file.writeStamped(line);
    for (const [oldest, { file: old, writtenMillis }] of this.#files) {
      if (this.#files.size <= openFilesMax && now - writtenMillis <= idleMillisMax) break;
      this.#files.delete(oldest);
      void old.close();
    }
  }

  /** Fulfilled when everything is written, as far as it can be. */
  async close(): Promise<void> {
    await Promise.all([...this.#files.values()].map(({ file }) => file.close()));
  }
}
