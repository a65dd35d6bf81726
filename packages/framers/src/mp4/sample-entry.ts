/** ISO/IEC 14496-12 §8.5.2 and the codecs' bindings to it: what a sample description says of the codec. */
import { boxType, eachBox, uint32 } from './box.ts';
import { aacCodec, av1Codec, avcCodec, hevcCodec, vp9Codec } from './codec-string.ts';

const avcC = boxType('avcC');
const hvcC = boxType('hvcC');
const av1C = boxType('av1C');
const vpcC = boxType('vpcC');
const esds = boxType('esds');

/** Bytes of a VisualSampleEntry's and an AudioSampleEntry's own fields, before the boxes within. */
const visualFieldBytes = 78;
const audioFieldBytes = 28;
/** What QuickTime's sound description of version 1 adds to the latter. */
const soundV1Bytes = 16;

const plainNames: ReadonlyMap<string, string> = new Map([
  ['Opus', 'opus'],
  ['fLaC', 'flac'],
  ['ac-3', 'ac-3'],
  ['ec-3', 'ec-3'],
  ['.mp3', 'mp3'],
]);

/** The codec of the sample entry whose content begins at `at`, as RFC 6381 calls it; null where that is not known. */
export function codecOfEntry(bytes: Uint8Array, type: number, at: number, end: number): string | null {
  const name = typeName(type);
  switch (name) {
    case 'avc1':
    case 'avc3':
      return within(bytes, at + visualFieldBytes, end, avcC, (record) => avcCodec(name, record));
    case 'hvc1':
    case 'hev1':
      return within(bytes, at + visualFieldBytes, end, hvcC, (record) => hevcCodec(name, record));
    case 'av01':
      return within(bytes, at + visualFieldBytes, end, av1C, av1Codec);
    case 'vp09':
      return within(bytes, at + visualFieldBytes, end, vpcC, (record) => vp9Codec(record.subarray(4)));
    case 'mp4a': {
      const isSoundV1 = bytes[at + 8] === 0 && bytes[at + 9] === 1;
      return within(bytes, at + audioFieldBytes + (isSoundV1 ? soundV1Bytes : 0), end, esds, (record) => codecOfEsds(record.subarray(4)));
    }
    default:
      return plainNames.get(name) ?? null;
  }
}

function typeName(type: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(type);
  return bytes.toString('latin1');
}

function within(bytes: Uint8Array, from: number, end: number, wanted: number, codecOf: (record: Uint8Array) => string | null): string | null {
  let codec: string | null = null;
  eachBox(bytes, from, end, (type, _start, contentAt, boxEnd) => {
    if (type === wanted) codec ??= codecOf(bytes.subarray(contentAt, boxEnd));
  });
  return codec;
}

/** ISO/IEC 14496-1 §7.2.6: ES_Descriptor, in it DecoderConfigDescriptor, in it DecoderSpecificInfo. */
function codecOfEsds(bytes: Uint8Array): string | null {
  const elementary = descriptor(bytes, 0x03);
  if (elementary === null) return null;
  const flags = elementary[2] ?? 0; // ES_ID is before it
  let at = 3;
  if ((flags & 0x80) !== 0) at += 2; // dependsOn_ES_ID
  if ((flags & 0x40) !== 0) at += 1 + (elementary[at] ?? 0); // URL
  if ((flags & 0x20) !== 0) at += 2; // OCR_ES_Id
  const decoder = descriptor(elementary.subarray(at), 0x04);
  const objectType = decoder?.[0];
  if (decoder === null || objectType === undefined) return null;
  if (objectType !== 0x40) return `mp4a.${objectType.toString(16).padStart(2, '0').toUpperCase()}`;
  const specific = descriptor(decoder.subarray(13), 0x05);
  return specific === null ? null : aacCodec(specific);
}

/** §8.3.3: the content of the descriptor that `bytes` begins with, if it has this tag. */
function descriptor(bytes: Uint8Array, tag: number): Uint8Array | null {
  if (bytes[0] !== tag) return null;
  let size = 0;
  for (let at = 1; at <= 4; at++) {
    const byte = bytes[at] ?? 0;
    size = size * 128 + (byte & 0x7f);
    if ((byte & 0x80) === 0) return bytes.subarray(at + 1, at + 1 + size);
  }
  return null;
}

/** The first sample entry of an stsd box, which a live stream has one of. */
export function codecOfDescription(bytes: Uint8Array, contentAt: number, end: number): string | null {
  let codec: string | null | undefined;
  if (uint32(bytes, contentAt + 4) === 0) return null; // entry_count
  eachBox(bytes, contentAt + 8, end, (type, _start, entryAt, entryEnd) => {
    codec = codec === undefined ? codecOfEntry(bytes, type, entryAt, entryEnd) : codec;
  });
  return codec ?? null;
}
