import type { Duplex, Writable } from 'node:stream';

/** Bytes that may wait here, beyond what the kernel holds, before a writer is told to wait. */
const queueBytesMax = 64 * 1024;

/**
 * One pipe into a child. Never throws: what is written after the child closed its end is dropped, and the child's end
 * tells why.
 */
export class CommandInput {
  /** Called when writing may go on after `write` gave false, and when the pipe closed meanwhile. */
  onDrain: (() => void) | null = null;
  #stream: Writable | Duplex | null;
  #full = false;

  /** @param stream the pipe; null when the child could not be started. */
  constructor(stream: Writable | Duplex | null) {
    this.#stream = stream;
    if (stream === null) return;
    stream.on('drain', () => this.#drained());
    stream.on('error', () => this.close());
    stream.on('close', () => this.close());
    // Node's pipes go both ways: what a child writes into its input must not stall it.
    if ('resume' in stream) stream.resume();
  }

  /** False once the child has closed its end, or `end()` or `close()` was called. */
  get open(): boolean {
    return this.#stream !== null && this.#stream.writable;
  }

  /**
   * Takes the chunk in any case; the caller must not change its bytes afterwards. False: the child is slower than the
   * writer, write nothing more until `onDrain`.
   */
  write(chunk: Uint8Array): boolean {
    if (!this.open || this.#stream === null) return true;
    this.#stream.write(chunk);
    this.#full = this.#stream.writableLength >= queueBytesMax;
    return !this.#full;
  }

  /** The child reads end of file after what was written. */
  end(): void {
    if (this.open) this.#stream?.end();
  }

  /** Closes the pipe now; what the child has not read is lost. */
  close(): void {
    this.#stream?.destroy();
    this.#stream = null;
    this.#drained();
  }

  #drained(): void {
    if (!this.#full) return;
    this.#full = false;
    this.onDrain?.();
  }
}
