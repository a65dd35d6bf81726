import type { MasterConfiguration } from '@weir/config';
import { catalogueKinds, selectStreams } from '@weir/control/parsers';
import { IcyInterleaver } from '@weir/edge/parsers';
import { IcyReader, RtpReader } from '@weir/ingest/parsers';
import assert from 'node:assert/strict';
import { whole } from '../../framers/trace.ts';
import type { Split } from '../../framers/trace.ts';
import { chunksOf, finely, texts } from '../target.ts';
import type { FuzzTarget } from '../target.ts';

function readIcy(input: Buffer, interval: number, split: Split): { readonly media: string; readonly titles: readonly string[]; readonly malformed: number } {
  const media: Uint8Array[] = [];
  const titles: string[] = [];
  const reader = new IcyReader(interval);
  for (const chunk of chunksOf(input, split)) reader.push(chunk, { onBytes: (bytes) => media.push(bytes), onTitle: (title) => titles.push(title) });
  return { media: Buffer.concat(media).toString('latin1'), titles, malformed: reader.malformed };
}

/** Bytes of media in so many bytes of a stream with ICY blocks. */
function mediaBytesOf(input: Buffer, interval: number): number {
  let media = 0;
  for (let at = 0; at < input.length; ) {
    const part = Math.min(interval, input.length - at);
    media += part;
    at += part;
    if (at < input.length) at += 1 + (input[at] ?? 0) * 16;
  }
  return media;
}

/** The first byte of an input is the interval less one. */
const icy: FuzzTarget = {
  name: 'icy',
  seeds: () => [
    ...texts("\x03abcd\x02StreamTitle='a - b';\0\0\0\0\0\0\0\0\0\0\0\0efgh\0ijkl")(),
    Buffer.concat([Buffer.from([0, 1, 255]), Buffer.from(`StreamTitle='${"a';b='".repeat(600)}';`), Buffer.alloc(500)]),
    Buffer.concat([Buffer.from([0, 1, 255]), Buffer.alloc(4079), Buffer.from('x')]),
  ],
  words: ["StreamTitle='", "';", "StreamUrl='http://a/';", '\0', '\xff', '\xc3\xa9', '\n', ';'],
  bytesMax: 24 * 1024,
  check: (input, splits) => {
    const interval = (input[0] ?? 0) + 1;
    const stream = input.subarray(1);
    const expected = readIcy(stream, interval, whole);
    assert.equal(expected.media.length, mediaBytesOf(stream, interval), 'media and blocks are not the input');
    for (const title of expected.titles) assert.ok(title.length <= 4080 && !title.includes('\n'), 'a title that is none');
    for (const split of [finely(stream), ...splits]) assert.deepEqual(readIcy(stream, interval, split), expected, `chunks of ${split.slice(0, 20).join()}`);
  },
};

/** What an edge puts into a stream, a relay takes out of it again. */
const icyTitle: FuzzTarget = {
  name: 'icy-title',
  seeds: texts('Artist - Title', "it's; 'so';\nhttp://example.org/'x'", '\u0000\u2028', 'a'.repeat(5000)),
  words: ["';", "'", '\n', '\xc3\xa9', '\xf0\x9f\x98\x80', '\xed\xa0\x80', '\0', "StreamUrl='"],
  bytesMax: 9000,
  check: (input) => {
    const media = Buffer.alloc(20_000, 'm');
    const { parts, bytes } = new IcyInterleaver().interleave([media.subarray(0, 9000), media.subarray(9000)], input.toString());
    const stream = Buffer.concat(parts);
    assert.equal(stream.length, bytes, 'bytes are not the sum of the parts');
    const read = readIcy(stream, 8192, whole);
    assert.equal(read.malformed, 0, 'a block that is none');
    assert.ok(read.media === media.toString('latin1'), 'other media');
    assert.ok(read.titles.length <= 1);
  },
};

/** Datagrams, each with its length in the two bytes before it. */
const rtp: FuzzTarget = {
  name: 'rtp',
  seeds: () => [Buffer.concat([Buffer.from('000e80210001000000640000000a4700', 'hex'), Buffer.from('000e80210002000000640000000a4701', 'hex')]), Buffer.from('0010b021ffff000000640000000affff000047', 'hex')],
  words: ['\x80\x21', '\xb0\x21', '\x47', '\xff\xff\xff\xff'],
  bytesMax: 4096,
  check: (input) => {
    const reader = new RtpReader();
    let datagrams = 0;
    for (let at = 0; at + 2 <= input.length; datagrams++) {
      const datagram = input.subarray(at + 2, at + 2 + input.readUInt16BE(at));
      assert.ok(reader.read(datagram).length <= datagram.length, 'more than the datagram holds');
      at += 2 + datagram.length;
    }
    assert.ok(reader.late <= datagrams && reader.lost <= 65_536 * datagrams);
  },
};

const master: MasterConfiguration = { url: 'http://master.example', paths: ['/*'], prefix: '/there', refreshMillis: 60_000, active: { mode: 'on-demand', lingerMillis: 0 } };
const seedCatalogues = [
  '{"version":1,"name":"weir","deployment":"a","streams":[{"path":"/live.mp3","mood":"happy","mirror":{"via":["b"]}},{"path":"/b/../c"}]}',
  '{"icestats":{"server_id":"Icecast 2.4.4","source":[{"listenurl":"http://a:8000/live","title":"x"},{"listenurl":"http://a:8000/other"}]}}',
  '{"icestats":{"source":{"listenurl":"http:\\/\\/a\\/live","title": - ,"x":"listenurl"}}}',
  '{"total_clients_number":1,"sources":{"/live":[],"__proto__":[],"constructor":[]}}',
  '/live\r\n/other\r\n/../../etc/passwd\r\n/%2e%2e\r\n',
];

/** What other servers tell of their streams. */
const catalogue: FuzzTarget = {
  name: 'catalogue',
  seeds: texts(...seedCatalogues),
  words: ['"listenurl":"', '"source":', 'null', '[', ']', '{', '}', '"path":"', '"via":', '__proto__', 'constructor', '1e999', '\\u0000', '\\ud800', '/', '/..', '\r\n', '*', ' '],
  bytesMax: 24 * 1024,
  check: (input) => {
    for (const { read } of catalogueKinds) {
      const told = read(input.toString());
      if (told === null) continue;
      const { offers, circular, refused, beyond } = selectStreams(told, master, 'here');
      assert.ok(offers.size + circular.size + refused.size + beyond <= told.entries.length, 'more streams than were told of');
      for (const [path, offer] of offers) {
        assert.match(path, /^\/there(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)*$/);
        assert.ok(offer.before.every((name) => /^[\w-]{1,64}$/.test(name)), 'a name that no weir has');
      }
    }
  },
};

/** What other servers send. */
export const relayTargets: readonly FuzzTarget[] = [icy, icyTitle, rtp, catalogue];
