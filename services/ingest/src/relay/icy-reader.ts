import { guessedText } from '@weir/http';
import { icyIntervalBytesMax } from '../limits.ts';

/** Who takes apart what is interleaved. */
export interface IcySink {
  /** Views of the input. */
  onBytes(bytes: Uint8Array): void;
  /** Called when it changes; empty when nothing is on. */
  onTitle(title: string): void;
}

/**
 * Takes ICY metadata blocks out of a stream that has one after every so many bytes of media:
 *
 *     media (interval) | length in sixteenths (1) | StreamTitle='...'; and NULs | media (interval) | ...
 *
 * A block that is none is left out and counted: what follows is media, whatever it said.
 */
export class IcyReader {
  readonly #interval: number;
  #mediaLeft: number;
  /** Of the block that is being read; null between blocks. */
  #block: { readonly bytes: Uint8Array; filled: number } | null = null;
  #title: string | null = null;
  #malformed = 0;

  /** @param interval bytes of media between two blocks: a whole number above 0 */
  constructor(interval: number) {
    this.#interval = interval;
    this.#mediaLeft = interval;
  }

  /** Blocks that were none. */
  get malformed(): number {
    return this.#malformed;
  }

  push(chunk: Uint8Array, sink: IcySink): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#block !== null) {
        at += this.#fill(this.#block, chunk.subarray(at), sink);
      } else if (this.#mediaLeft > 0) {
        const media = chunk.subarray(at, at + this.#mediaLeft);
        at += media.length;
        this.#mediaLeft -= media.length;
        sink.onBytes(media);
      } else {
        const length = (chunk[at++] ?? 0) * 16;
        this.#mediaLeft = this.#interval;
        if (length > 0) this.#block = { bytes: new Uint8Array(length), filled: 0 };
      }
    }
  }

  #fill(block: { readonly bytes: Uint8Array; filled: number }, chunk: Uint8Array, sink: IcySink): number {
    const part = chunk.subarray(0, block.bytes.length - block.filled);
    block.bytes.set(part, block.filled);
    block.filled += part.length;
    if (block.filled === block.bytes.length) {
      this.#block = null;
      this.#read(guessedText(withoutPadding(block.bytes)), sink);
    }
    return part.length;
  }

  /** Fields `name='value';`. Nothing is escaped, so a title goes on to the last `';` before another field. */
  #read(text: string, sink: IcySink): void {
    if (text === '') return;
    if (!/^\s*\w+='/.test(text)) {
      this.#malformed++;
      return;
    }
    const title = /(?:^|;)\s*StreamTitle='(.*?)'(?:;\s*(?:\w+='|$)|$)/s.exec(text)?.[1];
    if (title === undefined || title === this.#title) return;
    this.#title = title;
    sink.onTitle(title.replaceAll('\n', ' '));
  }
}

function withoutPadding(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end);
}

/** The interval in an `icy-metaint` header; null when there is none that could be. */
export function icyInterval(header: string | undefined): number | null {
  const interval = /^\d{1,9}$/.test(header ?? '') ? Number(header) : 0;
  return interval > 0 && interval <= icyIntervalBytesMax ? interval : null;
}
