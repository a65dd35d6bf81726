import { initBytesMax } from '../limits.ts';
import type { Body } from './body.ts';
import { type MediaKinds, buildFileHeader, fileHeaderBytes } from './file-header.ts';
import { audioTag, scriptTag, tagHeaderBytes, tagType, timelessTag, videoTag } from './tag.ts';

/** A tag that belongs into the init. */
interface HeaderTag {
  /** Its place among the others: metadata, video, audio. */
  readonly rank: number;
  readonly bytes: Uint8Array;
}

const ranks = [scriptTag, videoTag, audioTag];
const onMetaData = new TextEncoder().encode('\x02\0\x0aonMetaData'); // an AMF0 string

/** True when the script body from `from` to `to` is the onMetaData event. */
export function isMetadata(bytes: Uint8Array, from: number, to: number): boolean {
  return to - from >= onMetaData.length && onMetaData.every((byte, index) => bytes[from + index] === byte);
}

/** The tags a player needs before any frame: the last onMetaData, and the last sequence header of each track. */
export class Headers {
  readonly #tags = new Map<string, HeaderTag>();
  #bytes = fileHeaderBytes;

  /**
   * Keeps a copy of a tag, unless it would make the init larger than its limit, in place of the one before of its type,
   * use and track. Returns whether it says anything new.
   */
  set(tag: Uint8Array, use: Body['use'], track: number): boolean {
    const type = tagType(tag, 0);
    const name = nameOf(type, use, track);
    const known = this.#tags.get(name)?.bytes;
    if (known !== undefined && sameBody(known, tag)) return false;
    const total = this.#bytes - (known?.length ?? 0) + tag.length;
    if (total > initBytesMax) return false;
    this.#bytes = total;
    this.#tags.set(name, { rank: ranks.indexOf(type), bytes: timelessTag(tag) });
    return true;
  }

  /** True when the sequence header of the track has come; a tag with several tracks is content with any. */
  hasSequence(type: number, track: number): boolean {
    if (this.#tags.has(nameOf(type, 'sequence', track)) || this.#tags.has(nameOf(type, 'sequence', -1))) return true;
    return track < 0 && [...this.#tags.keys()].some((name) => name.startsWith(nameOf(type, 'sequence', '')));
  }

  /** The init: file header with the flags of `kinds`, metadata, video headers, audio headers. */
  init(kinds: MediaKinds): Uint8Array {
    const tags = [...this.#tags.values()].sort((a, b) => a.rank - b.rank);
    return Buffer.concat([buildFileHeader(kinds), ...tags.map((tag) => tag.bytes)]);
  }

  /** Forgets everything: another file begins. */
  clear(): void {
    this.#tags.clear();
    this.#bytes = fileHeaderBytes;
  }
}

function nameOf(type: number, use: Body['use'], track: number | ''): string {
  return `${type} ${use} ${track}`;
}

/** Compares two tags without their times. */
function sameBody(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a.subarray(tagHeaderBytes), b.subarray(tagHeaderBytes)) === 0;
}
