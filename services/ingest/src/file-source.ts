import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { constants, createReadStream, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { fileReadBytes } from './limits.ts';
import type { OpenSource, Source, SourceEnd, SourceSink } from './source.ts';

/** A regular file, paced by its own time stamps; a FIFO or device, read as it comes. */
export function fileSource(path: string): OpenSource {
  return (sink) => new FileSource(path, sink);
}

class FileSource implements Source {
  readonly pid = null;
  readonly #path: string;
  readonly #sink: SourceSink;
  readonly #abort = new AbortController();

  constructor(path: string, sink: SourceSink) {
    this.#path = path;
    this.#sink = sink;
    void this.#run();
  }

  stop(reason: string): void {
    this.#abort.abort(reason);
  }

  async #run(): Promise<void> {
    let end: SourceEnd;
    try {
      const kind = await stat(this.#path);
      if (kind.isFile()) await this.#readPaced();
      else await this.#readLive(kind.isFIFO() ? openFifo(this.#path) : createReadStream(this.#path));
      end = { kind: 'finished', description: `${this.#path}: end of file` };
    } catch (error) {
      end = { kind: 'failed', description: explain(error, this.#path) };
    }
    if (this.#abort.signal.aborted) end = { kind: 'stopped', description: String(this.#abort.signal.reason) };
    this.#sink.onEnd(end);
  }

  async #readPaced(): Promise<void> {
    const file: FileHandle = await open(this.#path, 'r');
    try {
      while (!this.#abort.signal.aborted) {
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(fileReadBytes), 0, fileReadBytes, null);
        if (bytesRead === 0) return;
        this.#sink.onBytes(buffer.subarray(0, bytesRead));
        await this.#sleep(this.#sink.leadMillis);
      }
    } finally {
      await file.close();
    }
  }

  #readLive(stream: Readable): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#abort.signal.aborted) stream.destroy();
      this.#abort.signal.addEventListener('abort', () => stream.destroy());
      stream.on('data', (chunk: string | Buffer) => this.#sink.onBytes(typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
      stream.on('error', reject);
      stream.on('close', () => resolve());
    });
  }

  #sleep(millis: number): Promise<void> {
    if (millis <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, millis);
      this.#abort.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      }, { once: true });
    });
  }
}

/**
 * A FIFO opened without waiting for its writer: a blocking open would hold one of the few threads that all files share, and
 * could not be given up.
 */
function openFifo(path: string): Readable {
  return new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), readable: true, writable: false });
}

function explain(error: unknown, path: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return `${path}: no such file; paths are relative to where weir was started`;
  if (code === 'EACCES') return `${path}: not readable for this user`;
  if (code === 'EISDIR') return `${path}: a directory, not a file`;
  return error instanceof Error ? `${path}: ${error.message}` : `${path}: ${String(error)}`;
}
