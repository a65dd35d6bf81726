/** RFC 9559 §4.5: what comes before the first cluster. */
import type { InitFrame } from '@weir/media';
import { typeWithCodecs } from '../mp4/codec-string.ts';
import { ElementHead, eachElement, text, unsigned } from './ebml.ts';
import { parseTracks } from './track.ts';

const idDocType = 0x4282;
const idTimestampScale = 0x2ad7b1;
/** ID and a size that is not known: a joiner's segment has neither the length nor the positions of the encoder's. */
const endlessSegment: Uint8Array = Uint8Array.of(0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);

/** The elements of a header that a joiner needs, heads included. */
export interface HeaderElements {
  readonly ebml: Uint8Array;
  readonly info: Uint8Array | null;
  readonly tracks: Uint8Array;
}

export interface SegmentHeader {
  readonly init: InitFrame;
  /** Nanoseconds of one tick of the block and cluster times. */
  readonly timestampScale: number;
  /** Number of the first video track; null for a stream without one. */
  readonly videoTrack: number | null;
}

/**
 * The init is the EBML header, a Segment of unknown size, Info and Tracks. SeekHead and Cues point at places that a
 * joiner's stream does not have; Tags, Chapters and Attachments are for files.
 */
export function parseSegmentHeader(elements: HeaderElements): SegmentHeader {
  const { ebml, info, tracks } = elements;
  const format = docType(dataOf(ebml)) === 'webm' ? 'webm' : 'matroska';
  const known = parseTracks(dataOf(tracks));
  const media = known.filter((track) => track.kind !== 'other');
  const video = media.find((track) => track.kind === 'video');
  const type = `${video === undefined && media.length > 0 ? 'audio' : 'video'}/${format === 'webm' ? 'webm' : 'x-matroska'}`;
  return {
    init: {
      kind: 'init',
      format,
      contentType: typeWithCodecs(type, media.map((track) => track.codec)),
      payload: Buffer.concat([ebml, endlessSegment, ...(info === null ? [] : [info]), tracks]),
    },
    timestampScale: info === null ? 1_000_000 : timestampScale(dataOf(info)),
    videoTrack: video?.number ?? null,
  };
}

/** The DocType in an EBML header's data; `matroska` where it has none, which is what RFC 9559's oldest writers meant. */
export function docType(data: Uint8Array): string {
  let found = 'matroska';
  eachElement(data, (id, value) => {
    if (id === idDocType) found = text(value);
  });
  return found;
}

function timestampScale(data: Uint8Array): number {
  let found = 1_000_000;
  eachElement(data, (id, value) => {
    if (id === idTimestampScale) found = unsigned(value) ?? found;
  });
  return found;
}

function dataOf(element: Uint8Array): Uint8Array {
  const headBytes = new ElementHead().read(element, 0, element.length);
  return typeof headBytes === 'number' ? element.subarray(headBytes) : new Uint8Array(0);
}
