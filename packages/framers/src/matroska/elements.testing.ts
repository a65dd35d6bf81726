/** Builds EBML elements for tests. */

type Content = Uint8Array | string | number;

/** An element: ID with its length marker, then what it contains; a number is one byte. */
export function element(id: number, ...content: readonly Content[]): Buffer {
  const data = join(content);
  return Buffer.concat([idBytes(id), sizeBytes(data.length), data]);
}

/** An element whose size is not known, in so many bytes. */
export function endless(id: number, ...content: readonly Content[]): Buffer {
  return Buffer.concat([idBytes(id), Uint8Array.of(0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), join(content)]);
}

export function ebmlHeader(docType: string): Buffer {
  return element(0x1a45dfa3, element(0x4286, 1), element(0x4282, docType));
}

export function info(scale?: readonly number[]): Buffer {
  return element(0x1549a966, ...(scale === undefined ? [] : [element(0x2ad7b1, Uint8Array.from(scale))]), element(0x4d80, 'test'));
}

/** A TrackEntry: 1 is video, 2 audio. */
export function track(number: number, type: number, codecId: string, codecPrivate?: readonly number[]): Buffer {
  const rest = codecPrivate === undefined ? [] : [element(0x63a2, Uint8Array.from(codecPrivate))];
  return element(0xae, element(0xd7, number), element(0x83, type), element(0x86, codecId), ...rest);
}

export function tracks(...entries: readonly Uint8Array[]): Buffer {
  return element(0x1654ae6b, ...entries);
}

export function timestamp(ticks: number): Buffer {
  return element(0xe7, Uint8Array.of(ticks >> 24, ticks >> 16, ticks >> 8, ticks));
}

export function simpleBlock(trackNumber: number, ticks: number, isKey: boolean): Buffer {
  return element(0xa3, 0x80 | trackNumber, ticks >> 8, ticks, isKey ? 0x80 : 0, 'data');
}

export function blockGroup(trackNumber: number, ticks: number, isKey: boolean): Buffer {
  const block = element(0xa1, 0x80 | trackNumber, ticks >> 8, ticks, 0, 'data');
  return element(0xa0, block, element(0x9b, 20), ...(isKey ? [] : [element(0xfb, 0xec)]));
}

function join(content: readonly Content[]): Buffer {
  return Buffer.concat(content.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : typeof part === 'number' ? Uint8Array.of(part) : part)));
}

function idBytes(id: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(id);
  return bytes.subarray(id < 0x100 ? 3 : id < 0x10000 ? 2 : id < 0x1000000 ? 1 : 0);
}

function sizeBytes(size: number): Uint8Array {
  return size < 127 ? Uint8Array.of(0x80 | size) : Uint8Array.of(0x10 | (size >> 24), size >> 16, size >> 8, size);
}
