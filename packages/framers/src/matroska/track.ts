/** RFC 9559 §5.1.4: the tracks of a segment. */
import { aacCodec, av1Codec, avcCodec, hevcCodec } from '../mp4/codec-string.ts';
import { eachElement, text, unsigned } from './ebml.ts';

export interface Track {
  readonly number: number;
  readonly kind: 'video' | 'audio' | 'other';
  /** As the MIME type's `codecs` parameter calls it; null where that is not known. */
  readonly codec: string | null;
}

const idTrackEntry = 0xae;
const idTrackNumber = 0xd7;
const idTrackType = 0x83;
const idCodecId = 0x86;
const idCodecPrivate = 0x63a2;

/** The entries of a Tracks element's data. */
export function parseTracks(data: Uint8Array): Track[] {
  const tracks: Track[] = [];
  eachElement(data, (id, entry) => {
    if (id === idTrackEntry) tracks.push(parseTrack(entry));
  });
  return tracks;
}

function parseTrack(entry: Uint8Array): Track {
  let number = 0;
  let type = 0;
  let codecId = '';
  let codecPrivate: Uint8Array = new Uint8Array(0);
  eachElement(entry, (id, data) => {
    if (id === idTrackNumber) number = unsigned(data) ?? number;
    else if (id === idTrackType) type = unsigned(data) ?? type;
    else if (id === idCodecId) codecId = text(data);
    else if (id === idCodecPrivate) codecPrivate = data;
  });
  return { number, kind: type === 1 ? 'video' : type === 2 ? 'audio' : 'other', codec: codecOf(codecId, codecPrivate) };
}

const plainNames: ReadonlyMap<string, string> = new Map([
  ['V_VP8', 'vp8'],
  ['V_VP9', 'vp9'],
  ['V_THEORA', 'theora'],
  ['A_OPUS', 'opus'],
  ['A_VORBIS', 'vorbis'],
  ['A_FLAC', 'flac'],
  ['A_MPEG/L3', 'mp3'],
  ['A_AC3', 'ac-3'],
  ['A_EAC3', 'ec-3'],
]);

function codecOf(codecId: string, codecPrivate: Uint8Array): string | null {
  switch (codecId) {
    case 'V_MPEG4/ISO/AVC':
      return avcCodec('avc1', codecPrivate);
    case 'V_MPEGH/ISO/HEVC':
      return hevcCodec('hvc1', codecPrivate);
    case 'V_AV1':
      return av1Codec(codecPrivate);
    case 'A_AAC':
      return aacCodec(codecPrivate);
    default:
      return plainNames.get(codecId) ?? null;
  }
}
