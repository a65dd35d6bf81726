import assert from 'node:assert/strict';
import test from 'node:test';
import { icyBlock, IcyInterleaver, icyInterval } from './icy.ts';

const blocks: readonly { title: string; sixteenths: number; text: string }[] = [
  { title: '', sixteenths: 1, text: "StreamTitle='';" },
  { title: 'a', sixteenths: 2, text: "StreamTitle='a';" },
  { title: 'Artist - Title', sixteenths: 2, text: "StreamTitle='Artist - Title';" },
  { title: "it's; here\r", sixteenths: 2, text: "StreamTitle='it\u2019s; here ';" },
  { title: "a\nhttp://x/?y='z'\n", sixteenths: 4, text: "StreamTitle='a';StreamUrl='http://x/?y=%27z%27';" },
];
for (const { title, sixteenths, text } of blocks) {
  test(`icy: the block of ${JSON.stringify(title)} has ${sixteenths} sixteenths and ends with NUL`, () => {
    const block = icyBlock(title);
    assert.equal(block[0], sixteenths);
    assert.equal(block.length, 1 + 16 * sixteenths);
    assert.equal(block.subarray(1).toString().replace(/\0+$/, ''), text);
    assert.equal(block.at(-1), 0);
  });
}

test('icy: a title too long for a block is cut at a character and closed', () => {
  const block = icyBlock('ü'.repeat(5000));
  assert.equal(block[0], 255);
  const text = block.subarray(1).toString().replace(/\0+$/, '');
  assert.ok(text.endsWith("ü';"));
  assert.equal(text.includes('\ufffd'), false);
});

/** Takes blocks out as a player does. */
function take(body: Buffer): { media: Buffer; titles: string[] } {
  const media: Buffer[] = [];
  const titles: string[] = [];
  for (let at = 0; at < body.length; ) {
    media.push(body.subarray(at, at + icyInterval));
    at += icyInterval;
    if (at >= body.length) break;
    const length = (body[at] ?? 0) * 16;
    if (length > 0) titles.push(body.subarray(at + 1, at + 1 + length).toString().replace(/\0+$/, ''));
    at += 1 + length;
  }
  return { media: Buffer.concat(media), titles };
}

for (const size of [1, 417, icyInterval - 1, icyInterval, icyInterval + 1, 5 * icyInterval]) {
  test(`icy: media in parts of ${size} bytes comes out whole, each title told once`, () => {
    const media = Buffer.alloc(6 * icyInterval + 100, 'abcdefg');
    const interleaver = new IcyInterleaver();
    const body: Uint8Array[] = [];
    for (let at = 0; at < media.length; at += size) {
      const title = at < 3 * icyInterval ? 'one' : 'two';
      const { parts, bytes } = interleaver.interleave([media.subarray(at, at + size)], title);
      assert.equal(bytes, parts.reduce((sum, part) => sum + part.length, 0));
      body.push(...parts);
    }
    const taken = take(Buffer.concat(body));
    assert.equal(taken.media.equals(media), true);
    assert.deepEqual(taken.titles.at(0), "StreamTitle='one';");
    assert.ok(taken.titles.length <= 2);
  });
}
