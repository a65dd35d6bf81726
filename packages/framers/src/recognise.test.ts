import assert from 'node:assert/strict';
import test from 'node:test';
import type { FormatName } from '@weir/media';
import { recogniseBytesMax } from './limits.ts';
import { recognise } from './recognise.ts';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const times = (count: number, unit: Uint8Array): Buffer => Buffer.concat(Array.from({ length: count }, () => unit));

const packet = Buffer.concat([Uint8Array.of(0x47, 0x40, 0, 0x10), Buffer.alloc(184, 0xaa)]);
const mp3Frame = Buffer.concat([Uint8Array.of(0xff, 0xfb, 0x90, 0), Buffer.alloc(413)]); // MPEG-1 layer III, 128 kbit/s, 44.1 kHz
const mp2Frame = Buffer.concat([Uint8Array.of(0xff, 0xf4, 0x14, 0), Buffer.alloc(44)]); // MPEG-2 layer II, 8 kbit/s, 24 kHz
const adtsFrame = Buffer.concat([Uint8Array.of(0xff, 0xf1, 0x50, 0x80, 0x02, 0x1f, 0xfc), Buffer.alloc(9)]); // 16 bytes
const id3 = (bytes: number): Buffer => Buffer.concat([latin1('ID3\x04\0\0'), Uint8Array.of(bytes >> 21, (bytes >> 14) & 127, (bytes >> 7) & 127, bytes & 127)]);
const garbage = (count: number): Buffer => Buffer.from(Array.from({ length: count }, (_, index) => (index * 89) % 251));
const ebml = (docType: string): Buffer => latin1(`\x1a\x45\xdf\xa3${String.fromCharCode(0x80 + 3 + docType.length)}\x42\x82${String.fromCharCode(0x80 + docType.length)}${docType}`);
const part = latin1('--frame\r\nContent-Type: image/jpeg\r\n');

/** `proved`: how many bytes tell. */
const cases: readonly { readonly name: string; readonly input: Uint8Array; readonly format: FormatName; readonly proved: number }[] = [
  { name: 'packets', input: times(6, packet), format: 'mpegts', proved: 4 * 188 + 1 },
  { name: 'packets behind part of one', input: Buffer.concat([packet.subarray(50), times(6, packet)]), format: 'mpegts', proved: 138 + 4 * 188 + 1 },
  { name: 'packets behind a large piece of something', input: Buffer.concat([garbage(3_000), times(6, packet)]), format: 'mpegts', proved: 3_000 + 4 * 188 + 1 },
  { name: 'MP3 frames', input: times(4, mp3Frame), format: 'mp3', proved: 2 * 417 + 4 },
  { name: 'layer II frames', input: times(4, mp2Frame), format: 'mp3', proved: 2 * 48 + 4 },
  { name: 'MP3 frames behind part of one', input: Buffer.concat([mp3Frame.subarray(17), times(4, mp3Frame)]), format: 'mp3', proved: 400 + 2 * 417 + 4 },
  { name: 'MP3 frames behind an ID3v2 tag', input: Buffer.concat([id3(300), Buffer.alloc(300), times(3, mp3Frame)]), format: 'mp3', proved: 310 + 2 * 417 + 4 },
  { name: 'a tag too large to see behind', input: Buffer.concat([id3(recogniseBytesMax), Buffer.alloc(500)]), format: 'mp3', proved: 10 },
  { name: 'ADTS frames', input: times(4, adtsFrame), format: 'adts', proved: 2 * 16 + 7 },
  { name: 'ADTS frames behind two ID3v2 tags', input: Buffer.concat([id3(5), Buffer.alloc(5), id3(0), times(3, adtsFrame)]), format: 'adts', proved: 25 + 2 * 16 + 7 },
  { name: 'FLV', input: latin1('FLV\x01\x05\0\0\0\x09'), format: 'flv', proved: 4 },
  { name: 'Ogg', input: latin1('OggS\0\x02'), format: 'ogg', proved: 5 },
  { name: 'FLAC', input: latin1('fLaC\0\0\0\x22'), format: 'flac', proved: 4 },
  { name: 'FLAC behind an ID3v2 tag', input: Buffer.concat([id3(3), Buffer.alloc(3), latin1('fLaC')]), format: 'flac', proved: 17 },
  { name: 'RIFF', input: latin1('RIFF\xff\xff\xff\xffWAVEfmt '), format: 'wav', proved: 12 },
  { name: 'RF64', input: latin1('RF64\xff\xff\xff\xffWAVEds64'), format: 'wav', proved: 12 },
  { name: 'BW64', input: latin1('BW64\xff\xff\xff\xffWAVEds64'), format: 'wav', proved: 12 },
  { name: 'an EBML header of webm', input: Buffer.concat([ebml('webm'), latin1('\x18\x53\x80\x67')]), format: 'webm', proved: 12 },
  { name: 'an EBML header of matroska', input: ebml('matroska'), format: 'matroska', proved: 16 },
  ...['ftyp', 'styp', 'moof', 'sidx', 'emsg', 'mdat'].map((type) => ({ name: `a ${type} box`, input: latin1(`\0\0\0\x18${type}iso5`), format: 'mp4' as const, proved: 8 })),
  { name: 'a part', input: part, format: 'mpjpeg', proved: part.length },
  { name: 'a part behind empty lines', input: Buffer.concat([latin1('\r\n\r\n'), part]), format: 'mpjpeg', proved: 4 + part.length },
  { name: 'a part behind a response head', input: Buffer.concat([latin1('HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=frame\r\n\r\n'), part]), format: 'mpjpeg', proved: 75 + part.length },
  { name: 'a part with other lines first, bare line feeds', input: latin1('----cam\nContent-Length: 5\nContent-type:image/jpg\n'), format: 'mpjpeg', proved: 49 },
  { name: 'JPEG pictures', input: latin1('\xff\xd8\xff\xe0\0\x10JFIF'), format: 'mjpeg', proved: 3 },
];
for (const { name, input, format, proved } of cases) {
  test(`recognise: ${name} as ${format}, from ${proved} bytes on`, () => {
    const last = Math.min(input.length, proved + 200);
    for (let length = Math.max(0, proved - 900); length <= last; length++) {
      assert.equal(recognise(input.subarray(0, length)), length < proved ? 'more' : format, `${length} bytes`);
    }
    assert.equal(recognise(input), format);
  });
}

const unknown: readonly (readonly [name: string, unit: Uint8Array])[] = [
  ['zeros', Buffer.alloc(1024)],
  ['ones', Buffer.alloc(1024, 0xff)],
  ['text', latin1('<html><body>No such stream.</body></html>\r\n'.repeat(24))],
  ['text parts', latin1('--frame\r\nContent-Type: text/plain\r\n\r\nhello\r\n'.repeat(24))],
  ['an AVI file', latin1('RIFF\0\0\0\0AVI LIST'.padEnd(1024, '\0'))],
  ['an EBML header of something else', Buffer.concat([ebml('other'), Buffer.alloc(1011)])],
  ['two MP3 headers and no third', Buffer.concat([mp3Frame, mp3Frame, Buffer.alloc(190)])],
  ['MP3 headers that differ', Buffer.concat([mp3Frame, mp2Frame, adtsFrame])],
  ['four sync bytes and no fifth', Buffer.concat([times(4, packet), Buffer.alloc(272)])],
];
for (const [name, unit] of unknown) {
  test(`recognise: not ${name}, and not for ever`, () => {
    const input = times(Math.ceil(recogniseBytesMax / unit.length), unit);
    assert.equal(recognise(input.subarray(0, recogniseBytesMax - 1)), 'more');
    assert.equal(recognise(input.subarray(0, recogniseBytesMax)), null);
  });
}
