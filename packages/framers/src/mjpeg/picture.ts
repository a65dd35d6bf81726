/** ITU-T T.81 Annex B: where a JPEG picture ends. */

const TEM = 0x01;
const RST0 = 0xd0;
const RST7 = 0xd7;
const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;

/**
 * Finds the end of one picture by its markers, segment by segment, so that thumbnails inside segments do not count. Goes on
 * where it stopped when more bytes are there.
 */
export class PictureEnd {
  #offset = 0;
  #inScan = false;

  /** The next call begins with a new picture. */
  reset(): void {
    this.#offset = 0;
    this.#inScan = false;
  }

  /** Bytes of the picture that made sense so far. */
  get examined(): number {
    return this.#offset;
  }

  /**
   * Looks at `bytes` from `start`, where the picture begins, to `end`.
   * @returns the length of the picture in bytes, `short` when it goes on behind `end`, or `invalid` when it is none
   */
  find(bytes: Uint8Array, start: number, end: number): number | 'short' | 'invalid' {
    for (let at = start + this.#offset; ; at = start + this.#offset) {
      if (this.#inScan && at < end) at = nextMarker(bytes, at, end);
      this.#offset = at - start;
      if (at + 1 >= end) return 'short';
      this.#inScan = false;
      const code = bytes[at + 1]!;
      if (bytes[at] !== 0xff || code === 0 || (code === SOI) !== (at === start)) return 'invalid';
      if (code === EOI) return this.#offset + 2;
      if (code === 0xff) this.#offset += 1; // fill byte
      else if (code === SOI || code === TEM) this.#offset += 2;
      else if (isRestart(code)) {
        this.#offset += 2;
        this.#inScan = true;
      } else {
        if (at + 3 >= end) return 'short';
        const segmentBytes = bytes[at + 2]! * 256 + bytes[at + 3]!;
        if (segmentBytes < 2) return 'invalid';
        this.#offset += 2 + segmentBytes;
        this.#inScan = code === SOS;
      }
    }
  }
}

function isRestart(code: number): boolean {
  return code >= RST0 && code <= RST7;
}

/** Where the next marker stands that is neither a stuffed 0xFF nor a restart: in a scan these are part of the data. */
function nextMarker(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; ; at += 2) {
    at = indexOfFF(bytes, at, end);
    if (at + 1 >= end) return at;
    const code = bytes[at + 1]!;
    if (code !== 0 && !isRestart(code)) return at;
  }
}

/** `end` when there is none. A loop is faster than `indexOf` over short distances, which are the rule in coded pictures. */
function indexOfFF(bytes: Uint8Array, from: number, end: number): number {
  const near = Math.min(end, from + 64);
  for (let at = from; at < near; at++) if (bytes[at] === 0xff) return at;
  if (near === end) return end;
  const at = bytes.indexOf(0xff, near);
  return at === -1 || at > end ? end : at;
}
