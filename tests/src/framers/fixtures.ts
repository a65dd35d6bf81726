import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FormatName } from '@weir/media';
import { checkout } from '../support/checkout.ts';

/**
 * What a decoder that starts at a random access frame cannot give, by name, with the number of pictures it concerns.
 * - `open-gop`: pictures shown before the key picture but coded after it, which refer to the group before: they may be missing or wrong
 * - `intra-refresh`: there is no key picture; the picture is whole when the refresh has passed over all of it
 */
export type VideoException = { readonly name: 'open-gop' | 'intra-refresh'; readonly pictures: number };

/** One file made by tests/fixtures/make-fixtures.sh, and what must hold for it. */
export interface Fixture {
  /** Below tests/fixtures. */
  readonly path: string;
  readonly format: FormatName;
  /** Random access frames in it: key pictures, or audio frames (pages, PES packets, clusters) where there is no picture. */
  readonly randomAccess: number;
  /** Why it is here, beside the format and the codecs. */
  readonly what: string;
  readonly exception?: VideoException;
  /** Bytes that belong to no frame, such as tags of files. */
  readonly skippedBytes?: number;
  /** Bytes that `end` reports. */
  readonly leftBytes?: number;
  /** Losses the container shows: where two streams were put together, their counters jump. */
  readonly gaps?: number;
  /** The container carries no times. */
  readonly untimed?: true;
  /** Its frames carry no mark by which one that is cut short, or follows damage, can be told. */
  readonly unitsUnmarked?: true;
  /** Where the stream changes, this fixture, which must be another, is followed by more. */
  readonly parts?: readonly string[];
  /** FFmpeg's words for the streams to decode. */
  readonly map?: readonly string[];
  /** No decoder at hand reads it, or there is nothing that could be decoded: the words say why. */
  readonly undecodable?: string;
  /** FFmpeg calls the last part corrupt, as nothing but the end of the input ends it. */
  readonly lastPartDoubtful?: true;
  /** Nothing in it is a frame. */
  readonly nothingToCut?: true;
  /** What `recognise` says of its bytes, where that is not its format. */
  readonly recognised?: FormatName | 'more';
}

type Row = Omit<Fixture, 'path' | 'format'>;

function of(format: FormatName, rows: Readonly<Record<string, Row>>): Fixture[] {
  return Object.entries(rows).map(([name, row]) => ({ path: `${format}/${name}`, format, ...row }));
}

const openGop = (pictures: number): VideoException => ({ name: 'open-gop', pictures });

/** Every fixture; none is without a test. */
export const fixtures: readonly Fixture[] = [
  ...of('mpegts', {
    'h264-aac.m2t': { randomAccess: 4, what: 'B pictures' },
    'h264-open-gop.m2t': { randomAccess: 4, what: 'I pictures with a recovery point where IDR pictures would be', exception: openGop(3) },
    'h264-intra-refresh.m2t': { randomAccess: 4, what: 'no key picture but the first', exception: { name: 'intra-refresh', pictures: 10 } },
    'h264-zerolatency-cbr.m2t': { randomAccess: 4, what: 'several slices a picture; null packets fill a constant rate' },
    'h264-two-audio.m2t': { randomAccess: 4, what: 'AAC and MP2 beside the picture' },
    'hevc-open-gop-aac.m2t': { randomAccess: 4, what: 'CRA pictures with RASL pictures', exception: openGop(3) },
    'hevc-closed-gop.m2t': { randomAccess: 4, what: 'IDR pictures' },
    'mpeg2-open-gop-mp2.m2t': { randomAccess: 5, what: 'B pictures in front of the I picture', exception: openGop(2) },
    'mpeg2-closed-gop-ac3.m2t': { randomAccess: 4, what: 'closed_gop' },
    'aac.m2t': { randomAccess: 11, what: 'audio only, many frames in a PES packet' },
    'mp3.m2t': { randomAccess: 12, what: 'audio only' },
    'opus.m2t': { randomAccess: 41, what: 'audio only, private stream type' },
    'h264-aac-wrap.m2t': { randomAccess: 4, what: '33-bit times wrap two seconds in' },
    'aac-wrap.m2t': { randomAccess: 11, what: 'audio only, 33-bit times wrap two seconds in' },
    'three-programs.m2t': { randomAccess: 4, what: 'the first programme has no media, the second is the one', map: ['p:2'] },
    'h264-aac-no-rai.m2t': { randomAccess: 4, what: 'no random_access_indicator' },
    'h264-open-gop-no-rai.m2t': { randomAccess: 4, what: 'no random_access_indicator', exception: openGop(3) },
    'hevc-open-gop-aac-no-rai.m2t': { randomAccess: 4, what: 'no random_access_indicator', exception: openGop(3) },
    'hevc-closed-gop-no-rai.m2t': { randomAccess: 4, what: 'no random_access_indicator' },
    'mpeg2-open-gop-mp2-no-rai.m2t': { randomAccess: 5, what: 'no random_access_indicator', exception: openGop(2) },
    'gst-h264-aac.m2t': { randomAccess: 4, what: 'GStreamer' },
    'gst-mpeg2.m2t': { randomAccess: 4, what: 'GStreamer' },
    'gst-mp3.m2t': { randomAccess: 114, what: 'GStreamer, audio only, one frame in a PES packet' },
    'pmt-change.m2t': { randomAccess: 8, what: 'the next PMT version has other streams on the same PIDs', parts: ['mpegts/h264-aac.m2t'], gaps: 5 },
  }),
  ...of('flv', {
    'h264-aac.flv': { randomAccess: 4, what: 'B pictures: composition times' },
    'h264-open-gop.flv': { randomAccess: 4, what: 'video only, key frames that are no IDR pictures', exception: openGop(3) },
    'h264-mp3-piped.flv': { randomAccess: 4, what: 'metadata without duration' },
    'sorenson-mp3.flv': { randomAccess: 4, what: 'codecs without a sequence header' },
    'aac.flv': { randomAccess: 174, what: 'audio only' },
    'mp3.flv': { randomAccess: 155, what: 'audio only, no sequence header' },
    'speex.flv': { randomAccess: 200, what: 'audio only, no sequence header' },
    'h264-aac-24-bit.flv': { randomAccess: 4, what: 'times pass 2^24 ms' },
    'h264-aac-wrap.flv': { randomAccess: 4, what: 'times wrap at 2^32 ms' },
    'gst-h264-aac.flv': { randomAccess: 4, what: 'GStreamer' },
    'new-sequence-header.flv': { randomAccess: 8, what: 'an encoder comes back with another picture size', parts: ['flv/h264-aac.flv'] },
    'enhanced-hevc.flv': { randomAccess: 4, what: 'FourCC video, composition times in CodedFrames, none in CodedFramesX' },
    'enhanced-av1.flv': { randomAccess: 4, what: 'FourCC video' },
  }),
  ...of('mp3', {
    'mpeg1-layer3-cbr-id3v2-id3v1.mp3': { randomAccess: 169, what: 'LAME with an Info frame between tags', skippedBytes: 450 },
    'mpeg1-layer3-vbr-xing-id3v1.mp3': { randomAccess: 155, what: 'LAME with a Xing frame', skippedBytes: 545 },
    'mpeg1-layer3-crc.mp3': { randomAccess: 169, what: 'LAME, protected frames, no Info frame' },
    'mpeg2-layer3.mp3': { randomAccess: 156, what: '22.05 kHz' },
    'mpeg2.5-layer3.mp3': { randomAccess: 79, what: '11.025 kHz' },
    'mpeg1-layer2.mp3': { randomAccess: 167, what: '48 kHz, no padding' },
    'mpeg1-layer2-44100.mp3': { randomAccess: 154, what: 'padding' },
    'mpeg2-layer2.mp3': { randomAccess: 77, what: '22.05 kHz, TwoLAME' },
    'mpeg1-layer1.mp3': { randomAccess: 120, what: 'slots of four bytes' },
    'mpeg2-layer1.mp3': { randomAccess: 120, what: 'slots of four bytes' },
    'ffmpeg-id3v2.mp3': { randomAccess: 155, what: 'FFmpeg with an Info frame', skippedBytes: 244 },
    'ape-tag.mp3': { randomAccess: 156, what: 'APEv2 at the end', skippedBytes: 82 },
    'gst-lame.mp3': { randomAccess: 114, what: 'GStreamer' },
    'rate-change.mp3': { randomAccess: 325, what: 'another sampling rate half way', undecodable: 'FFmpeg resamples what follows the change' },
    'free-format.mp3': { randomAccess: 0, what: 'refused: the header does not tell the size of a frame', recognised: 'more', nothingToCut: true, undecodable: 'nothing to decode', skippedBytes: 36612 },
  }),
  ...of('adts', {
    'aac-stereo.aac': { randomAccess: 174, what: '44.1 kHz' },
    'aac-mono-22050.aac': { randomAccess: 88, what: '22.05 kHz' },
    'aac-id3v2-mpeg2.aac': { randomAccess: 189, what: 'the ID bit set, a tag in front', skippedBytes: 36 },
    'gst-aac.aac': { randomAccess: 174, what: 'GStreamer' },
  }),
  ...of('ogg', {
    'vorbis.ogg': { randomAccess: 2, what: 'oggenc' },
    'opus.opus': { randomAccess: 5, what: 'opusenc, a second in a page' },
    'opus-small-pages.opus': { randomAccess: 101, what: 'opusenc, 40 ms in a page' },
    'speex.spx': { randomAccess: 2, what: 'speexenc' },
    'flac.oga': { randomAccess: 5, what: 'FLAC mapping' },
    'ffmpeg-vorbis.oga': { randomAccess: 18, what: 'FFmpeg' },
    'ffmpeg-opus.opus': { randomAccess: 201, what: 'FFmpeg, a packet in a page' },
    'theora-vorbis.ogv': { randomAccess: 4, what: 'two logical streams' },
    'theora.ogv': { randomAccess: 4, what: 'video only' },
    'theora-opus-flac.ogv': { randomAccess: 2, what: 'three logical streams' },
    'vp8-vorbis.ogv': { randomAccess: 4, what: 'a mapping only FFmpeg writes', undecodable: 'the framer knows no VP8 in Ogg: only the sound tells where to cut' },
    'gst-theora-vorbis.ogv': { randomAccess: 4, what: 'GStreamer' },
    'gst-opus.opus': { randomAccess: 202, what: 'GStreamer' },
    'vorbis-long-comment.oga': { randomAccess: 1, what: 'a comment header over two pages' },
    'chained-vorbis.ogg': { randomAccess: 6, what: 'chained', parts: ['ogg/vorbis.ogg'] },
    'chained-opus.opus': { randomAccess: 46, what: 'chained', parts: ['ogg/opus.opus'] },
    'chained-theora-vorbis.ogv': { randomAccess: 8, what: 'chained, multiplexed', parts: ['ogg/theora-vorbis.ogv'] },
  }),
  ...of('webm', {
    'vp8-vorbis.webm': { randomAccess: 4, what: 'unknown sizes' },
    'vp9-opus.webm': { randomAccess: 4, what: 'unknown sizes' },
    'av1-opus.webm': { randomAccess: 4, what: 'unknown sizes' },
    'opus.webm': { randomAccess: 9, what: 'audio only, clusters of half a second' },
    'vp8-file.webm': { randomAccess: 4, what: 'known sizes, SeekHead, Void, Cues, Tags' },
    'vp8-vorbis-piped.webm': { randomAccess: 4, what: 'an unknown segment size, known cluster sizes' },
    'vp9-short-clusters.webm': { randomAccess: 2, what: 'clusters that begin with no key picture' },
    'gst-vp8-vorbis.webm': { randomAccess: 4, what: 'GStreamer' },
    'new-segment.webm': { randomAccess: 8, what: 'a new EBML header and segment with other codecs', parts: ['webm/vp8-vorbis.webm'] },
  }),
  ...of('matroska', {
    'h264-aac.mkv': { randomAccess: 3, what: 'B pictures; one key picture stands inside a cluster' },
    'h264-open-gop.mkv': { randomAccess: 4, what: 'video only', exception: openGop(3) },
    'hevc-flac.mkv': { randomAccess: 2, what: 'codec private of two codecs' },
    'mpeg2-mp2-ac3-file.mkv': { randomAccess: 4, what: 'two audio tracks; known sizes, Cues' },
    'vorbis.mka': { randomAccess: 9, what: 'audio only' },
    'gst-block-groups.mkv': { randomAccess: 4, what: 'GStreamer, version 1: BlockGroup, ReferenceBlock' },
  }),
  ...of('mp4', {
    'h264-aac.mp4': { randomAccess: 4, what: 'a fragment for each key picture' },
    'h264-open-gop.mp4': { randomAccess: 4, what: 'video only', exception: openGop(3) },
    'h264-every-frame.mp4': { randomAccess: 4, what: 'a fragment for each picture' },
    'h264-fragments-of-300ms.mp4': { randomAccess: 2, what: 'two key pictures stand inside fragments' },
    'hevc-opus.mp4': { randomAccess: 4, what: 'HEVC' },
    'av1-flac.mp4': { randomAccess: 2, what: 'AV1' },
    'aac.mp4': { randomAccess: 8, what: 'audio only' },
    'h264-aac-separate-moof.mp4': { randomAccess: 4, what: 'a fragment for each track' },
    'h264-aac-cmaf.mp4': { randomAccess: 4, what: 'CMAF' },
    'h264-absolute-offsets.mp4': { randomAccess: 4, what: 'base_data_offset: data counted from the start of the file' },
    'h264-samples-in-moov.mp4': { randomAccess: 3, what: 'the first samples are no fragment but described in the moov box' },
    'h264-aac-ismv.ismv': { randomAccess: 4, what: 'Smooth Streaming: no tfdt', untimed: true },
    'dash-styp-sidx-emsg.mp4': { randomAccess: 4, what: 'styp, sidx and emsg in front of a fragment' },
    'gst-h264-aac.mp4': { randomAccess: 4, what: 'GStreamer' },
    'new-moov.mp4': { randomAccess: 8, what: 'a new moov', parts: ['mp4/h264-aac.mp4'] },
    'not-fragmented.mp4': { randomAccess: 0, what: 'a file, not a stream', undecodable: 'nothing to cut at', skippedBytes: 7454, leftBytes: 15, nothingToCut: true },
  }),
  ...of('mpjpeg', {
    'ffmpeg.mjpg': { randomAccess: 10, what: 'Content-length', untimed: true, leftBytes: 10 },
    'ffmpeg-own-boundary.mjpg': { randomAccess: 10, what: 'dashes in the boundary', untimed: true, leftBytes: 17 },
    'no-content-length.mjpg': { randomAccess: 10, what: 'parts end where the boundary stands', untimed: true, leftBytes: 10, lastPartDoubtful: true },
    'gst.mjpg': { randomAccess: 10, what: 'GStreamer', untimed: true },
  }),
  ...of('mjpeg', {
    'ffmpeg.mjpeg': { randomAccess: 10, what: 'bare pictures', untimed: true },
    'gst.mjpeg': { randomAccess: 10, what: 'GStreamer', untimed: true },
    'thumbnails.mjpeg': { randomAccess: 10, what: 'pictures within pictures', untimed: true },
  }),
  ...of('wav', {
    's16.wav': { randomAccess: 1, what: 'known size', unitsUnmarked: true },
    's16-list-chunk.wav': { randomAccess: 1, what: 'a LIST chunk in front', unitsUnmarked: true },
    's16-piped.wav': { randomAccess: 1, what: 'unknown size', unitsUnmarked: true },
    's24-extensible.wav': { randomAccess: 1, what: 'WAVE_FORMAT_EXTENSIBLE, blocks of six bytes', unitsUnmarked: true },
    'mulaw.wav': { randomAccess: 1, what: 'fact chunk, blocks of one byte', unitsUnmarked: true },
    'gst-cut-short.wav': { randomAccess: 1, what: 'ends in the middle of a block', leftBytes: 1, unitsUnmarked: true },
  }),
  ...of('flac', {
    's16.flac': { randomAccess: 10, what: 'eight kilobytes of padding in front' },
    's24-mono.flac': { randomAccess: 11, what: '24 bits' },
    's16-piped.flac': { randomAccess: 10, what: 'no total, no MD5' },
    'gst.flac': { randomAccess: 9, what: 'GStreamer' },
  }),
];

/** The bytes of a fixture. */
export function readFixture({ path }: { readonly path: string }): Buffer {
  return readFileSync(join(checkout, 'tests/fixtures', path));
}
