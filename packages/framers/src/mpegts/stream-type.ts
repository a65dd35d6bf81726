/** What an elementary stream carries; `data` is everything that is neither picture nor sound. */
export type Media = 'video' | 'audio' | 'data';

/** Stream types: ISO/IEC 13818-1 table 2-34; from 0x80 on ATSC A/53 part 3, and what FFmpeg takes them for. */
const media = new Map<number, Media>([
  [0x01, 'video'], // MPEG-1
  [0x02, 'video'], // MPEG-2
  [0x03, 'audio'], // MPEG-1 layers I to III
  [0x04, 'audio'], // MPEG-2 layers I to III
  [0x0f, 'audio'], // AAC in ADTS
  [0x10, 'video'], // MPEG-4 part 2
  [0x11, 'audio'], // AAC in LATM
  [0x1b, 'video'], // H.264
  [0x1c, 'audio'], // AAC, raw
  [0x21, 'video'], // JPEG 2000
  [0x24, 'video'], // HEVC
  [0x2d, 'audio'], // MPEG-H 3D, main
  [0x33, 'video'], // VVC
  [0x42, 'video'], // AVS
  [0x81, 'audio'], // AC-3
  [0x87, 'audio'], // E-AC-3
  [0x8a, 'audio'], // DTS
  [0xd1, 'video'], // Dirac
  [0xd2, 'video'], // AVS2
  [0xd4, 'video'], // AVS3
  [0xea, 'video'], // VC-1
]);

const registrationTag = 0x05;

/** Registered format identifiers for private data (ISO/IEC 13818-1 §2.6.8, https://smpte-ra.org). */
const registrations = new Map<string, Media>([
  ['AC-3', 'audio'],
  ['AV01', 'video'],
  ['BSSD', 'audio'], // SMPTE 302M
  ['DTS1', 'audio'],
  ['DTS2', 'audio'],
  ['DTS3', 'audio'],
  ['EAC3', 'audio'],
  ['HEVC', 'video'],
  ['Opus', 'audio'],
  ['VC-1', 'video'],
]);

/** Descriptors that say what private data is (ETSI EN 300 468 table 12). */
const descriptors = new Map<number, Media>([
  [0x6a, 'audio'], // AC-3
  [0x7a, 'audio'], // E-AC-3
  [0x7b, 'audio'], // DTS
  [0x7c, 'audio'], // AAC
]);

/** What a stream of a PMT carries, from its stream_type and its descriptor loop. */
export function mediaOf(streamType: number, descriptorLoop: Uint8Array): Media {
  if (streamType !== 0x06) return media.get(streamType) ?? 'data';
  for (let at = 0; at + 2 <= descriptorLoop.length; at += 2 + (descriptorLoop[at + 1] as number)) {
    const tag = descriptorLoop[at] as number;
    const found =
      tag === registrationTag
        ? registrations.get(String.fromCharCode(...descriptorLoop.subarray(at + 2, at + 6)))
        : descriptors.get(tag);
    if (found !== undefined) return found;
  }
  return 'data';
}
