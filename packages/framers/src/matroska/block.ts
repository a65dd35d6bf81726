/** RFC 9559 §10: blocks, simple and in groups. */
import { ElementHead } from './ebml.ts';

const idBlock = 0xa1;
const idReferenceBlock = 0xfb;
const keyFlag = 0x80;

/** What a block says before its frames. One instance is used again and again. */
export class BlockHead {
  track = 0;
  /** Ticks since the time of the cluster, may be negative. */
  relativeTicks = 0;
  isKey = false;
  readonly #element = new ElementHead();

  /** Reads the head of the SimpleBlock whose data begins at `at`; false when it is cut short or malformed. */
  readSimple(bytes: Uint8Array, at: number, end: number): boolean {
    if (at >= end) return false;
    const trackBytes = Math.clz32(bytes[at]!) - 23;
    const timeAt = at + trackBytes;
    if (trackBytes > 4 || timeAt + 3 > end) return false;
    let track = bytes[at]! & (0xff >> trackBytes);
    for (let index = 1; index < trackBytes; index++) track = track * 256 + bytes[at + index]!;
    this.track = track;
    this.relativeTicks = ((bytes[timeAt]! << 24) >> 16) | bytes[timeAt + 1]!;
    this.isKey = (bytes[timeAt + 2]! & keyFlag) !== 0;
    return true;
  }

  /** Reads the BlockGroup whose data is `bytes` from `at` to `end`; false when there is no block in it. */
  readGroup(bytes: Uint8Array, at: number, end: number): boolean {
    let hasBlock = false;
    let hasReference = false;
    while (at < end) {
      const headBytes = this.#element.read(bytes, at, end);
      if (typeof headBytes !== 'number') return false;
      const start = at + headBytes;
      at = start + this.#element.size;
      if (at > end) return false;
      if (this.#element.id === idBlock) hasBlock = this.readSimple(bytes, start, at);
      else if (this.#element.id === idReferenceBlock) hasReference = true;
    }
    this.isKey = !hasReference;
    return hasBlock;
  }
}
