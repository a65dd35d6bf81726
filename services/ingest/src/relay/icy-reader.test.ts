import assert from 'node:assert/strict';
import test from 'node:test';
import { IcyReader, icyInterval } from './icy-reader.ts';

function block(text: string | Uint8Array): Buffer {
  const bytes = Buffer.from(text);
  const sixteenths = Math.ceil(bytes.length / 16);
  return Buffer.concat([Buffer.from([sixteenths]), bytes, Buffer.alloc(sixteenths * 16 - bytes.length)]);
}

/** The media with titles in angle brackets where they were told. */
function read(pieces: readonly Uint8Array[], interval: number): { readonly text: string; readonly malformed: number } {
  const reader = new IcyReader(interval);
  let text = '';
  const sink = { onBytes: (bytes: Uint8Array) => (text += Buffer.from(bytes).toString('latin1')), onTitle: (title: string) => (text += `<${title}>`) };
  for (const piece of pieces) reader.push(piece, sink);
  return { text, malformed: reader.malformed };
}

const cases: readonly { name: string; blocks: readonly (string | Uint8Array)[]; text: string; malformed?: number }[] = [
  { name: 'nothing of empty blocks', blocks: ['', ''], text: 'abcdefghijkl' },
  { name: 'a title', blocks: ["StreamTitle='a - b';"], text: 'abcd<a - b>efgh' },
  { name: 'a title among other fields', blocks: ["adw_ad='true';StreamTitle='a';StreamUrl='http://x/?StreamTitle=c';"], text: 'abcd<a>efgh' },
  { name: 'a title that changes, and not one that stays', blocks: ["StreamTitle='a';", "StreamTitle='a';StreamUrl='b';", '', "StreamTitle='c';"], text: 'abcd<a>efghijklmnop<c>qrst' },
  { name: 'an empty title', blocks: ["StreamTitle='a';", "StreamTitle='';"], text: 'abcd<a>efgh<>ijkl' },
  { name: 'quotation marks and semicolons in a title', blocks: ["StreamTitle='it's; 'so'; they say';"], text: "abcd<it's; 'so'; they say>efgh" },
  { name: 'a title without its last semicolon', blocks: ["StreamTitle='a'"], text: 'abcd<a>efgh' },
  { name: 'a title of UTF-8', blocks: [Buffer.from("StreamTitle='Jóga';", 'utf8')], text: 'abcd<Jóga>efgh' },
  { name: 'a title of ISO 8859-1', blocks: [Buffer.from("StreamTitle='Jóga';", 'latin1')], text: 'abcd<Jóga>efgh' },
  { name: 'a title of the greatest length', blocks: [`StreamTitle='${'a'.repeat(4079 - 15)}';`], text: `abcd<${'a'.repeat(4079 - 15)}>efgh` },
  { name: 'no title of other fields alone', blocks: ["StreamUrl='a';"], text: 'abcdefgh' },
  { name: 'nothing of a block of NULs', blocks: [new Uint8Array(16)], text: 'abcdefgh' },
  { name: 'nothing of blocks that are none, which it counts', blocks: [Buffer.alloc(255 * 16, 0xff), "StreamTitle='a';", 'StreamTitle'], text: 'abcdefgh<a>ijklmnop', malformed: 2 },
];
for (const { name, blocks, text, malformed = 0 } of cases) {
  test(`ICY reader: gives ${name}, however it is split`, () => {
    const media = Buffer.from('abcdefghijklmnopqrst');
    const parts = blocks.flatMap((each, index) => [media.subarray(index * 4, index * 4 + 4), block(each)]);
    const bytes = Buffer.concat([...parts, media.subarray(blocks.length * 4, blocks.length * 4 + 4)]);
    const whole = { text, malformed };
    assert.deepEqual(read([bytes], 4), whole);
    for (let cut = 1; cut < bytes.length; cut++) assert.deepEqual(read([bytes.subarray(0, cut), bytes.subarray(cut)], 4), whole);
    assert.deepEqual(read(Array.from(bytes, (byte) => Uint8Array.of(byte)), 4), whole);
  });
}

const headers: readonly [header: string | undefined, interval: number | null][] = [
  ['16000', 16000],
  ['1', 1],
  ['0', null],
  ['-1', null],
  ['1e3', null],
  ['999999999', null],
  ['', null],
  [undefined, null],
];
for (const [header, interval] of headers) {
  test(`ICY interval: of ${header}`, () => assert.equal(icyInterval(header), interval));
}
