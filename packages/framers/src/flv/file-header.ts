// Adobe Flash Video File Format Specification 10.1, annex E.2: the FLV header, and PreviousTagSize0 after it.
//
//  0     'F' 'L' 'V', version 1
//  4     flags: 0x04 audio, 0x01 video
//  5     DataOffset, 9
//  9     PreviousTagSize0, 0

/** Bytes of the FLV header and PreviousTagSize0. */
export const fileHeaderBytes: number = 13;

const audioFlag = 0x04;
const videoFlag = 0x01;

/** Which kinds of media a file has, or says it has. */
export interface MediaKinds {
  readonly audio: boolean;
  readonly video: boolean;
}

const plain = Uint8Array.of(0x46, 0x4c, 0x56, 1, 0, 0, 0, 0, 9, 0, 0, 0, 0);

/** True when the bytes from `at`, as far as they reach before `end`, are those of a file header. */
export function mayBeFileHeader(bytes: Uint8Array, at: number, end: number): boolean {
  const to = Math.min(end - at, fileHeaderBytes);
  for (let index = 0; index < to; index++) if (index !== 4 && bytes[at + index] !== plain[index]) return false;
  return true;
}

/** What the file header at `at` says is in the file; encoders are known to set both flags whatever follows. */
export function claimedKinds(bytes: Uint8Array, at: number): MediaKinds {
  const flags = bytes[at + 4] as number;
  return { audio: (flags & audioFlag) !== 0, video: (flags & videoFlag) !== 0 };
}

/** A file header with the given flags. */
export function buildFileHeader(kinds: MediaKinds): Uint8Array {
  const header = plain.slice();
  header[4] = (kinds.audio ? audioFlag : 0) | (kinds.video ? videoFlag : 0);
  return header;
}
