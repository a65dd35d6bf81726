import { open, rename, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { escapeControls } from './escape.ts';
import { fileBytesMax, fileCheckMillis, filesKeptMax, waitingBytesMax } from './limits.ts';
import { localTime } from './log-line.ts';
import { maskText } from './mask.ts';

/** How large a file becomes, and who is told of faults. */
export interface RotatedFileOptions {
  /** Left out: 64 MiB. */
  readonly bytesMax?: number;
  /** Older files that are kept, as FILE.1 (the last) to FILE.N; left out: 4. */
  readonly keptMax?: number;
  /** The file cannot be written: told once, until it can be again. Lines are lost meanwhile, and nothing else is. */
  readonly onFault: (reason: string) => void;
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly inode: number;
  bytes: number;
  /** Whether it is still the one at its path; monotonic. */
  checkedMillis: number;
}

/**
 * Lines in a file that is put aside when it is large. Writing never waits: a disk that is slow or full costs lines. A file that
 * something else puts aside, as logrotate does, is made anew.
 */
export class RotatedFile {
  readonly #path: string;
  readonly #bytesMax: number;
  readonly #keptMax: number;
  readonly #onFault: (reason: string) => void;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #lost = 0;
  #writing: Promise<void> | null = null;
  #file: OpenFile | null = null;
  #faulty = false;

  constructor(path: string, { bytesMax = fileBytesMax, keptMax = filesKeptMax, onFault }: RotatedFileOptions) {
    this.#path = path;
    this.#bytesMax = bytesMax;
    this.#keptMax = keptMax;
    this.#onFault = onFault;
  }

  /** @param line without its newline, and without another */
  write(line: string): void {
    if (this.#waitingBytes + line.length > waitingBytesMax) {
      this.#lost++;
      return;
    }
    this.#waiting.push(`${line}\n`);
    this.#waitingBytes += line.length + 1;
    this.#writing ??= this.#write().finally(() => (this.#writing = null));
  }

  /** Writes what somebody else said: with the time before it, and without secrets and control characters. */
  writeStamped(text: string): void {
    this.write(`${localTime(Date.now())} ${escapeControls(maskText(text))}`);
  }

  /** Fulfilled when everything is written, as far as it can be. */
  async close(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
    await this.#letGo();
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      // Lines that come in the same turn leave together.
      await Promise.resolve();
      const bytes = Buffer.from(this.#waiting.join(''));
      this.#waiting = [];
      this.#waitingBytes = 0;
      try {
        await this.#append(bytes);
        this.#faulty = false;
      } catch (error) {
        await this.#fail(error);
      }
    }
  }

  async #append(bytes: Buffer): Promise<void> {
    const file = await this.#ready(bytes.length);
    if (this.#lost > 0) {
      const told = Buffer.from(`${this.#lost} lines were lost here\n`);
      this.#lost = 0;
      bytes = Buffer.concat([told, bytes]);
    }
    await file.handle.appendFile(bytes);
    file.bytes += bytes.length;
  }

  /** The file, with room for so many bytes more unless it is empty. */
  async #ready(bytes: number): Promise<OpenFile> {
    if (this.#file !== null && performance.now() - this.#file.checkedMillis > fileCheckMillis) {
      const there = await stat(this.#path).catch(() => null);
      this.#file.checkedMillis = performance.now();
      if (there?.ino === this.#file.inode) this.#file.bytes = there.size;
      else await this.#letGo();
    }
    this.#file ??= await this.#open();
    if (this.#file.bytes > 0 && this.#file.bytes + bytes > this.#bytesMax) {
      await this.#letGo();
      for (let age = this.#keptMax; age > 0; age--) {
        await rename(age === 1 ? this.#path : `${this.#path}.${age - 1}`, `${this.#path}.${age}`).catch(ignoreMissing);
      }
      this.#file = await this.#open();
    }
    return this.#file;
  }

  async #open(): Promise<OpenFile> {
    const handle = await open(this.#path, 'a', 0o640);
    const { size, ino } = await handle.stat();
    return { handle, inode: ino, bytes: size, checkedMillis: performance.now() };
  }

  async #letGo(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    await file?.handle.close().catch(() => {});
  }

  async #fail(error: unknown): Promise<void> {
    await this.#letGo();
    if (!this.#faulty) this.#onFault(error instanceof Error ? error.message : String(error));
    this.#faulty = true;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
