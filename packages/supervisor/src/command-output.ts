import type { Readable } from 'node:stream';

/** A child's standard output: chunks as they are read, none while paused. */
export class CommandOutput {
  readonly #stream: Readable;
  readonly #onChunk: (chunk: Buffer) => void;
  #held: Buffer[] = [];
  #paused = false;
  #closed = false;
  #readBytes = 0;

  /** @param onClosed called once, when nothing more can be read; a chunk may still wait for `resume()`. */
  constructor(stream: Readable, onChunk: (chunk: Buffer) => void, onClosed: () => void) {
    this.#stream = stream;
    this.#onChunk = onChunk;
    stream.on('data', (chunk: Buffer) => this.#read(chunk));
    stream.on('error', () => stream.destroy());
    stream.on('close', () => {
      this.#closed = true;
      onClosed();
    });
  }

  /** Total read so far, delivered or not. */
  get readBytes(): number {
    return this.#readBytes;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Everything was delivered, and nothing more will come. */
  get finished(): boolean {
    return this.#closed && this.#held.length === 0;
  }

  pause(): void {
    this.#paused = true;
    this.#stream.pause();
  }

  resume(): void {
    this.#paused = false;
    while (!this.#paused) {
      const chunk = this.#held.shift();
      if (chunk === undefined) break;
      this.#onChunk(chunk);
    }
    if (!this.#paused) this.#stream.resume();
  }

  /** Delivers nothing more. */
  destroy(): void {
    this.#held = [];
    this.#stream.destroy();
  }

  #read(chunk: Buffer): void {
    this.#readBytes += chunk.length;
    if (this.#paused) {
      // Node resumes a child's pipes when the child exits, paused or not.
      this.#held.push(chunk);
      this.#stream.pause();
      return;
    }
    this.#onChunk(chunk);
  }
}
