import type { FormatName } from '@weir/media';
import * as adts from './adts/header.ts';
import { ebmlHeaderBytesMax, partHeadBytesMax, recogniseBytesMax } from './limits.ts';
import { ElementHead } from './matroska/ebml.ts';
import { idEbml } from './matroska/element-id.ts';
import { docType } from './matroska/segment-header.ts';
import * as mpegAudio from './mp3/header.ts';
import { id3v2Tag } from './mp3/tag.ts';
import { packetBytes } from './mpegts/packet.ts';
import { findSync } from './mpegts/sync.ts';
import { parseBoundaryLine, type PartHead, readPartField } from './mpjpeg/part.ts';
import type { Step } from './resync.ts';

/** A format, and how many of the first bytes prove it. */
interface Proof {
  readonly format: FormatName;
  readonly bytes: number;
}

/**
 * The format of a stream by its first bytes. MPEG-TS, MP3 and ADTS may begin amid a packet or frame, MP3, ADTS and FLAC with an
 * ID3v2 tag, mpjpeg with header lines; the others begin with their mark.
 *
 * The format that the fewest bytes prove is the answer, so a longer piece of the same stream never gets another one.
 *
 * @returns `more` when the bytes do not tell yet; null when {@link recogniseBytesMax} of them did not
 */
export function recognise(bytes: Uint8Array): FormatName | 'more' | null {
  const looked = bytes.length > recogniseBytesMax ? bytes.subarray(0, recogniseBytesMax) : bytes;
  let best: Proof | null = null;
  for (const prove of [byMark, byEbmlHeader, byBoxType, byPartHead, byPackets, byAudioFrames]) {
    const proof = prove(looked);
    if (proof !== null && (best === null || proof.bytes < best.bytes)) best = proof;
  }
  if (best !== null) return best.format;
  return looked.length < recogniseBytesMax ? 'more' : null;
}

/** What streams begin with; a dot stands for any byte. */
const marks: readonly (readonly [mark: string, format: FormatName])[] = [
  ['FLV\x01', 'flv'],
  ['OggS\0', 'ogg'],
  ['fLaC', 'flac'],
  ['\xff\xd8\xff', 'mjpeg'],
  ['RIFF....WAVE', 'wav'],
  ['RF64....WAVE', 'wav'],
  ['BW64....WAVE', 'wav'],
];

function byMark(bytes: Uint8Array): Proof | null {
  const start = tagBytes(bytes);
  for (const [mark, format] of marks) {
    if (matches(bytes, start, mark)) return { format, bytes: start + mark.length };
  }
  return null;
}

function matches(bytes: Uint8Array, at: number, mark: string): boolean {
  for (let index = 0; index < mark.length; index++) {
    if (mark[index] !== '.' && bytes[at + index] !== mark.charCodeAt(index)) return false;
  }
  return at + mark.length <= bytes.length;
}

function byEbmlHeader(bytes: Uint8Array): Proof | null {
  const head = new ElementHead();
  const headBytes = head.read(bytes, 0, bytes.length);
  if (typeof headBytes !== 'number' || head.id !== idEbml || head.size > ebmlHeaderBytesMax) return null;
  const end = headBytes + head.size;
  if (end > bytes.length) return null;
  const type = docType(bytes.subarray(headBytes, end));
  return type === 'webm' || type === 'matroska' ? { format: type, bytes: end } : null;
}

/** Boxes that a file, or a piece of a stream, begins with. */
const firstBoxes: readonly string[] = ['ftyp', 'styp', 'moov', 'moof', 'sidx', 'emsg', 'prft', 'mdat', 'free', 'skip', 'wide', 'pdin'];

function byBoxType(bytes: Uint8Array): Proof | null {
  if (bytes.length < 8 || (bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 0 && bytes[3]! > 1 && bytes[3]! < 8)) return null;
  return firstBoxes.some((type) => matches(bytes, 4, type)) ? { format: 'mp4', bytes: 8 } : null;
}

/** A boundary line and a JPEG's Content-Type, after whatever other lines. */
function byPartHead(bytes: Uint8Array): Proof | null {
  const text = Buffer.from(bytes.subarray(0, partHeadBytesMax)).toString('latin1');
  let head: PartHead | null = null;
  for (let start = 0, end = text.indexOf('\n'); end !== -1; start = end + 1, end = text.indexOf('\n', start)) {
    const line = text.slice(start, text[end - 1] === '\r' ? end - 1 : end);
    if (parseBoundaryLine(line) !== null) head = { isJpeg: null, contentLength: null, timeMicros: null };
    else if (head !== null && (line === '' || !readPartField(line, head))) head = null;
    if (head?.isJpeg === true) return { format: 'mpjpeg', bytes: end + 1 };
  }
  return null;
}

function byPackets(bytes: Uint8Array): Proof | null {
  const { found, at } = findSync(bytes, 0, false);
  return found ? { format: 'mpegts', bytes: at + 4 * packetBytes + 1 } : null;
}

interface AudioSyntax {
  readonly format: FormatName;
  readonly headerBytes: number;
  frameAt(bytes: Uint8Array, at: number, end: number): Step;
  kindAt(bytes: Uint8Array, at: number): number;
}

const audioSyntaxes: readonly AudioSyntax[] = [
  { format: 'mp3', ...mpegAudio },
  { format: 'adts', ...adts },
];

/** Three headers alike, each where the frame before it ends. */
function byAudioFrames(bytes: Uint8Array): Proof | null {
  const start = tagBytes(bytes);
  // Frames behind a tag this large cannot be seen: nothing but MP3 carries cover pictures in front.
  if (start > recogniseBytesMax) return { format: 'mp3', bytes: 10 };
  let best: Proof | null = null;
  const end = bytes.length;
  for (let at = bytes.indexOf(0xff, start); at !== -1 && at < (best?.bytes ?? end); at = bytes.indexOf(0xff, at + 1)) {
    for (const syntax of audioSyntaxes) {
      const proved = provedBy(syntax, bytes, at);
      if (proved !== null && proved < (best?.bytes ?? Number.POSITIVE_INFINITY)) best = { format: syntax.format, bytes: proved };
    }
  }
  return best;
}

function provedBy(syntax: AudioSyntax, bytes: Uint8Array, at: number): number | null {
  let header = at;
  for (let frames = 0; frames < 3; frames++) {
    const size = syntax.frameAt(bytes, header, bytes.length);
    if (typeof size !== 'number' || syntax.kindAt(bytes, header) !== syntax.kindAt(bytes, at)) return null;
    if (frames === 2) break;
    header += size;
  }
  return header + syntax.headerBytes;
}

/** Bytes of the ID3v2 tags that the stream begins with, as far as they can be seen. */
function tagBytes(bytes: Uint8Array): number {
  let total = 0;
  while (total < bytes.length) {
    const tag = id3v2Tag(bytes, total, bytes.length);
    if (typeof tag !== 'number') return total;
    total += tag;
  }
  return total;
}
