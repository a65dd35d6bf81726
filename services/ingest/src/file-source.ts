import { stat } from 'node:fs/promises';
import { constants, createReadStream, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { Pace } from '@weir/config';
import { fileReadBytes } from './limits.ts';
import type { OpenSource, Source, SourceEnd, SourceSink } from './source.ts';

/**
 * A file, FIFO or device, read at a pace.
 *
 * @param pace null: a regular file by its own time stamps, a FIFO or device as it comes
 */
export function fileSource(path: string, pace: Pace | null): OpenSource {
  return (sink) => new FileSource(path, pace, sink);
}

class FileSource implements Source {
  readonly pid = null;
  readonly #path: string;
  readonly #pace: Pace | null;
  readonly #sink: SourceSink;
  readonly #abort = new AbortController();

  constructor(path: string, pace: Pace | null, sink: SourceSink) {
    this.#path = path;
    this.#pace = pace;
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
      await this.#read(kind.isFIFO() ? openFifo(this.#path) : createReadStream(this.#path, { highWaterMark: fileReadBytes }), kind.isFile());
      end = { kind: 'finished', description: `${this.#path}: end of file` };
    } catch (error) {
      end = { kind: 'failed', description: explain(error, this.#path) };
    }
    if (this.#abort.signal.aborted) end = { kind: 'stopped', description: String(this.#abort.signal.reason) };
    this.#sink.onEnd(end);
  }

  #read(stream: Readable, isFile: boolean): Promise<void> {
    const restMillis = this.#restAfter(isFile);
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const stop = (): void => {
        clearTimeout(timer);
        stream.destroy();
      };
      if (this.#abort.signal.aborted) stop();
      // One listener for the whole file: one for each rest would stay until its end, which for a FIFO may never come.
      this.#abort.signal.addEventListener('abort', stop);
      stream.on('data', (given: string | Buffer) => {
        const chunk = typeof given === 'string' ? Buffer.from(given) : given;
        this.#sink.onBytes(chunk);
        const rest = restMillis(chunk.length);
        if (rest <= 0 || stream.destroyed) return;
        stream.pause();
        timer = setTimeout(() => stream.resume(), rest);
      });
      stream.on('error', reject);
      stream.on('close', () => resolve());
    });
  }

  /** How long to wait after so many bytes. What comes slower than the pace is not held back. */
  #restAfter(isFile: boolean): (bytes: number) => number {
    const pace: Pace = this.#pace ?? { by: isFile ? 'timestamps' : 'nothing' };
    let freeMillis = performance.now();
    switch (pace.by) {
      case 'timestamps':
        return () => this.#sink.leadMillis;
      case 'nothing':
        return () => 0;
      case 'rate':
        return (bytes) => {
          freeMillis = Math.max(freeMillis, performance.now()) + (bytes * 1000) / pace.bytesPerSecond;
          return freeMillis - performance.now();
        };
    }
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
