import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { configuredName } from '@weir/config';
import type { RotatedFile } from '@weir/telemetry';
import { UsageError } from './usage.ts';

/** Files that are open at the same time: feeds come and go with the configuration, and so do their files. */
const openFilesMax = 200;

/** One file for each feed and encoder; all sources of a pattern share theirs. Who has not written for the longest is closed when there are too many. */
export class CommandFiles {
  readonly #folder: string;
  readonly #open: (path: string) => RotatedFile;
  /** By path; the one that was written to last comes last. */
  readonly #files = new Map<string, RotatedFile>();

  /** @throws UsageError when the folder can be neither found nor made */
  constructor(folder: string, open: (path: string) => RotatedFile) {
    this.#folder = folder;
    this.#open = open;
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
    const file = this.#files.get(path) ?? this.#open(path);
    this.#files.delete(path);
    this.#files.set(path, file);
    file.writeStamped(line);
    const [oldest] = this.#files;
    if (this.#files.size <= openFilesMax || oldest === undefined) return;
    this.#files.delete(oldest[0]);
    void oldest[1].close();
  }

  /** Fulfilled when everything is written, as far as it can be. */
  async close(): Promise<void> {
    await Promise.all([...this.#files.values()].map((file) => file.close()));
  }
}
