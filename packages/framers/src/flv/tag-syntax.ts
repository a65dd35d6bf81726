import { trustedTagBytes, trustedTagMillis } from '../limits.ts';
import type { Step, Syntax } from '../resync.ts';
import { fileHeaderBytes, mayBeFileHeader } from './file-header.ts';
import { isChained, mayBeTagType, tagBytes, tagHeaderBytes, tagMillis } from './tag.ts';

/**
 * File headers and tags; a PreviousTagSize that fits its tag proves both, so none needs another to confirm it. But it comes
 * behind the tag: where the sync is lost, bytes that look like the header of a large tag would hold back all that follows.
 */
export class TagSyntax implements Syntax {
  readonly confirmations = 0;
  readonly stepBytes: number = fileHeaderBytes;
  #largestBytes = 0;
  #lastMillis = 0;

  /** Notes a tag of the stream: those to come will be like it. */
  note(tag: Uint8Array): void {
    if (tag.length > this.#largestBytes) this.#largestBytes = tag.length;
    this.#lastMillis = tagMillis(tag);
  }

  unit(bytes: Uint8Array, at: number, end: number): Step {
    if (mayBeFileHeader(bytes, at, end)) return end - at < fileHeaderBytes ? 'short' : fileHeaderBytes;
    if (!mayBeTagType(bytes[at] as number)) return 'invalid';
    if (end - at < tagHeaderBytes) return 'short';
    const size = tagBytes(bytes, at);
    return size === 0 ? 'invalid' : size;
  }

  /** A large tag may be twice as large as those before, at about their time; or as large as what is lost already. */
  plausible(bytes: Uint8Array, at: number, size: number, skippedBytes: number): boolean {
    if (size <= Math.max(trustedTagBytes, skippedBytes)) return true;
    return size <= 2 * this.#largestBytes && distance(tagMillis(bytes, at), this.#lastMillis) <= trustedTagMillis;
  }

  likeness(): number {
    return 0;
  }

  intact(bytes: Uint8Array, at: number, size: number): boolean {
    return mayBeFileHeader(bytes, at, at + size) || isChained(bytes, at, size);
  }

  tag(): Step {
    return 'invalid';
  }
}

/** Milliseconds between two times of 32 bits that wrap. */
function distance(a: number, b: number): number {
  const apart = Math.abs(a - b);
  return Math.min(apart, 2 ** 32 - apart);
}
