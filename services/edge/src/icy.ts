/** Bytes of media between two metadata blocks: what SHOUTcast uses, and the oldest hardware players expect. */
export const icyInterval = 8192;

/** Bytes of text one block can carry: a length byte of 255 stands for 4080, of which at least one is a NUL. */
const textBytesMax = 4079;

const unchanged = Buffer.from([0]);

/**
 * A metadata block: one byte with the length in sixteenths, then the text, padded with NUL to a multiple of 16 and with at least
 * one. The format has no quoting, so what would end a title for most parsers is replaced.
 *
 * @param playing a title, and in a second line perhaps a URL about it
 */
export function icyBlock(playing: string): Buffer {
  const [title = '', url = ''] = playing.split('\n', 2);
  const field = url === '' ? '' : `StreamUrl='${url.replace(/[^!-~]/g, '').replaceAll("'", '%27')}';`;
  const text = truncate(`StreamTitle='${title.replace(/[\p{Cc}\u2028\u2029]/gu, ' ').replaceAll("'", '\u2019')}';${field}`);
  const sixteenths = Math.floor(text.length / 16) + 1;
  const block = Buffer.alloc(1 + sixteenths * 16);
  block[0] = sixteenths;
  text.copy(block, 1);
  return block;
}

/** At a character boundary, and still closed. */
function truncate(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length <= textBytesMax) return bytes;
  let end = textBytesMax - 2;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return Buffer.concat([bytes.subarray(0, end), Buffer.from("';")]);
}

/**
 * Puts a metadata block after every {@link icyInterval} bytes of one listener's media, counted from the first byte of the body:
 * the title when it is new to this listener, else a single zero.
 */
export class IcyInterleaver {
  #untilBlock = icyInterval;
  #sent: string | null = null;

  /** The parts with blocks between them; views of the same memory. `bytes` is the sum of their lengths. */
  interleave(parts: readonly Uint8Array[], title: string): { parts: Uint8Array[]; bytes: number } {
    const out: Uint8Array[] = [];
    let bytes = 0;
    for (const part of parts) {
      let rest = part;
      while (rest.length >= this.#untilBlock) {
        const block = this.#sent === title ? unchanged : icyBlock(title);
        out.push(rest.subarray(0, this.#untilBlock), block);
        bytes += this.#untilBlock + block.length;
        rest = rest.subarray(this.#untilBlock);
        this.#untilBlock = icyInterval;
        this.#sent = title;
      }
      if (rest.length === 0) continue;
      out.push(rest);
      bytes += rest.length;
      this.#untilBlock -= rest.length;
    }
    return { parts: out, bytes };
  }
}
