// Adobe Flash Video File Format Specification 10.1, annex E.4.2 (audio) and E.4.3 (video);
// Enhanced RTMP v2 (Veovera, 2024), "Enhanced Audio" and "Enhanced Video".

/**
 * What the body of an audio or video tag is.
 * - `sequence`: the header a decoder of the codec needs first
 * - `extra`: colour or channel information that goes with it
 * - `key`: a frame that a decoder which has the header can start at; for audio, every frame
 * - `delta`: another coded frame
 * - `other`: an end of sequence, a seek command, nothing
 */
export interface Body {
  readonly use: 'sequence' | 'extra' | 'key' | 'delta' | 'other';
  /** Number of the track, 0 where there are no numbers; -1 when the tag holds several tracks. */
  readonly track: number;
  /** The codec cannot be decoded without a sequence header. */
  readonly needsSequence: boolean;
  /** From decoding time to presentation time. */
  readonly compositionMillis: number;
}

const other: Body = { use: 'other', track: 0, needsSequence: false, compositionMillis: 0 };

/** CodecIDs whose second byte is the AVCPacketType; all but AVC are a widespread custom. */
const legacyVideo = new Set([7 /* AVC */, 12 /* HEVC */, 13 /* AV1 */, 14 /* VVC */]);

const keyFrame = 1;
const commandFrame = 5;

/** What a video body from `from` to `to` is. */
export function videoBody(bytes: Uint8Array, from: number, to: number): Body {
  if (to - from < 2) return other;
  const first = bytes[from] as number;
  const frameType = (first >> 4) & 7;
  if (first >= 0x80) return enhancedVideo(bytes, from, to, frameType);
  if (frameType === commandFrame) return other;
  const use = frameType === keyFrame ? 'key' : 'delta';
  if (!legacyVideo.has(first & 0x0f)) return { use, track: 0, needsSequence: false, compositionMillis: 0 };
  const packetType = bytes[from + 1]; // AVCPacketType
  if (packetType === 0) return { use: 'sequence', track: 0, needsSequence: true, compositionMillis: 0 };
  if (packetType !== 1) return other;
  return { use, track: 0, needsSequence: true, compositionMillis: sint24(bytes, from + 2, to) };
}

/** What an audio body from `from` to `to` is. */
export function audioBody(bytes: Uint8Array, from: number, to: number): Body {
  if (to - from < 2) return other;
  const soundFormat = (bytes[from] as number) >> 4;
  if (soundFormat === 9) return enhancedAudio(bytes, from, to);
  const isAac = soundFormat === 10;
  const use = isAac && bytes[from + 1] === 0 ? 'sequence' : 'key'; // AACPacketType
  return { use, track: 0, needsSequence: isAac, compositionMillis: 0 };
}

/** FourCCs of codecs that cannot be decoded without a sequence header. */
const configured = new Set(['avc1', 'hvc1', 'vvc1', 'av01', 'mp4a', 'fLaC']);

/** FourCCs of codecs whose coded frames carry a composition time. */
const reordered = new Set(['avc1', 'hvc1', 'vvc1']);

function enhancedVideo(bytes: Uint8Array, from: number, to: number, frameType: number): Body {
  const { packetType, fourCc, track, at } = enhancedHeader(bytes, from, to, 6);
  if (frameType === commandFrame && packetType !== 4) return other;
  const needsSequence = configured.has(fourCc);
  // VideoPacketType: 0 SequenceStart, 1 CodedFrames, 2 SequenceEnd, 3 CodedFramesX, 4 Metadata, 5 MPEG2TSSequenceStart
  if (packetType === 0 || packetType === 5) return { use: 'sequence', track, needsSequence, compositionMillis: 0 };
  if (packetType === 4) return { use: 'extra', track, needsSequence, compositionMillis: 0 };
  if (packetType !== 1 && packetType !== 3) return other;
  const compositionMillis = packetType === 1 && reordered.has(fourCc) ? sint24(bytes, at, to) : 0;
  return { use: frameType === keyFrame ? 'key' : 'delta', track, needsSequence, compositionMillis };
}

function enhancedAudio(bytes: Uint8Array, from: number, to: number): Body {
  const { packetType, fourCc, track } = enhancedHeader(bytes, from, to, 5);
  const needsSequence = configured.has(fourCc);
  // AudioPacketType: 0 SequenceStart, 1 CodedFrames, 2 SequenceEnd, 4 MultichannelConfig
  if (packetType === 0) return { use: 'sequence', track, needsSequence, compositionMillis: 0 };
  if (packetType === 4) return { use: 'extra', track, needsSequence, compositionMillis: 0 };
  return packetType === 1 ? { use: 'key', track, needsSequence, compositionMillis: 0 } : other;
}

const modEx = 7;

interface EnhancedHeader {
  readonly packetType: number;
  readonly fourCc: string;
  readonly track: number;
  /** Where the first track's data begins. */
  readonly at: number;
}

/** The header of an enhanced body: modifiers skipped, then perhaps tracks (`multitrack` is their packet type), then the codec. */
function enhancedHeader(bytes: Uint8Array, from: number, to: number, multitrack: number): EnhancedHeader {
  let packetType = (bytes[from] as number) & 0x0f;
  let at = from + 1;
  while (packetType === modEx && at + 3 < to) {
    let size = (bytes[at++] as number) + 1; // modExDataSize
    if (size === 256) {
      size = (((bytes[at] as number) << 8) | (bytes[at + 1] as number)) + 1;
      at += 2;
    }
    at += size;
    packetType = at < to ? (bytes[at++] as number) & 0x0f : modEx;
  }
  if (packetType !== multitrack) return { packetType, fourCc: text(bytes, at, to), track: 0, at: at + 4 };
  const multitrackType = (bytes[at] ?? 0) >> 4;
  packetType = (bytes[at] ?? 0) & 0x0f;
  at += 1;
  if (multitrackType === 0) return { packetType, fourCc: text(bytes, at, to), track: bytes[at + 4] ?? 0, at: at + 5 };
  // 1: several tracks of one codec; 2: several codecs, each after its track's own code. Both: track id and its size follow.
  return { packetType, fourCc: text(bytes, at, to), track: -1, at: at + 8 };
}

function text(bytes: Uint8Array, at: number, to: number): string {
  return at + 4 <= to ? String.fromCharCode(...bytes.subarray(at, at + 4)) : '';
}

/** A signed 24-bit number at `at`; 0 when the bytes end before. */
function sint24(bytes: Uint8Array, at: number, to: number): number {
  if (at + 3 > to) return 0;
  return (((bytes[at] as number) << 24) >> 8) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number);
}
