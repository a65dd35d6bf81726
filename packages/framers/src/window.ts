/** Bytes the window takes over from a chunk at a time while nobody knows how many will be needed. */
const stepBytes = 16 * 1024;

const nothing: Uint8Array = new Uint8Array(0);

/**
 * Shows a parser the unread bytes of a chunked stream as one array. What lies within one chunk is never copied; what
 * straddles chunks is copied into an array of its own, which grows with the bytes that arrive and not with a size they claim.
 *
 * ```
 *  bytes   [ read | unread, contiguous | room ]      chunk  [ taken over | unread ]
 *                 ^at                  ^end                             ^
 * ```
 * Without a straddling unit `bytes` is the chunk itself. Memory before `end` is never written again: slices may be kept.
 */
export class Window {
  /** Valid from `at` to `end`, until the next call. */
  bytes: Uint8Array = nothing;
  at = 0;
  end = 0;
  #owned = false;
  #chunk: Uint8Array = nothing;
  #chunkAt = 0;

  /** Unread bytes, contiguous or not. */
  get length(): number {
    return this.end - this.at + this.#chunk.length - this.#chunkAt;
  }

  /** Appends a chunk. The one before must have been used up: `has` or `more` returned false. */
  push(chunk: Uint8Array): void {
    if (this.at === this.end) this.#show(chunk, 0);
    else {
      this.#chunk = chunk;
      this.#chunkAt = 0;
    }
  }

  /** Makes the next `count` unread bytes contiguous; false when they have not all arrived (then those that have are). */
  has(count: number): boolean {
    const missing = count - (this.end - this.at);
    return missing <= 0 || this.#takeOver(missing, count) >= missing;
  }

  /** Makes more of the unread bytes contiguous than there are now; false when all of them are already. */
  more(): boolean {
    return this.#takeOver(stepBytes, Number.POSITIVE_INFINITY) > 0;
  }

  /** The next `count` bytes, which must be contiguous, and steps over them. */
  take(count: number): Uint8Array {
    const taken = this.bytes.subarray(this.at, this.at + count);
    this.skip(count);
    return taken;
  }

  /** Steps over the next `count` bytes, which must be contiguous. */
  skip(count: number): void {
    this.at += count;
    if (this.at === this.end && this.#chunkAt < this.#chunk.length) this.#showChunk(this.#chunkAt);
  }

  /** From here on `bytes` is the chunk that was taken over from. */
  #showChunk(at: number): void {
    this.#show(this.#chunk, at);
    this.#chunk = nothing;
    this.#chunkAt = 0;
  }

  #show(chunk: Uint8Array, at: number): void {
    this.bytes = chunk;
    this.at = at;
    this.end = chunk.length;
    this.#owned = false;
  }

  /** Returns how many more bytes are contiguous than before. */
  #takeOver(bytesMax: number, expected: number): number {
    const unseen = this.#chunk.length - this.#chunkAt;
    const count = Math.min(bytesMax, unseen);
    if (count === 0) return 0;
    const held = this.end - this.at;
    if (held <= this.#chunkAt) {
      this.#showChunk(this.#chunkAt - held); // nothing straddles any more
      return unseen;
    }
    if (!this.#owned || this.end + count > this.bytes.length) {
      const room = expected === Number.POSITIVE_INFINITY ? 2 * (held + count) : Math.min(expected, 4 * (held + count));
      const grown = Buffer.allocUnsafe(room);
      grown.set(this.bytes.subarray(this.at, this.end));
      this.bytes = grown;
      this.at = 0;
      this.end = held;
      this.#owned = true;
    }
    this.bytes.set(this.#chunk.subarray(this.#chunkAt, this.#chunkAt + count), this.end);
    this.end += count;
    this.#chunkAt += count;
    if (this.#chunkAt === this.#chunk.length) {
      this.#chunk = nothing;
      this.#chunkAt = 0;
    }
    return count;
  }
}
