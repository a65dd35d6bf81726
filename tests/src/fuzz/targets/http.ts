import { basicLogin, clientAddress, ResponseError, ResponseReader, TrustedProxies } from '@weir/http';
import { bodyFraming, ChunkedDecoder, findFirstRequest, findHeaders, findPassword, originForm, readProxyHeader } from '@weir/http/parsers';
import { publisherInfo } from '@weir/ingest/parsers';
import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { whole } from '../../framers/trace.ts';
import type { Split } from '../../framers/trace.ts';
import { chunksOf, finely, texts } from '../target.ts';
import type { FuzzTarget } from '../target.ts';

/** A head may have 16 KiB; what is longer must be refused. */
const bytesMax = 20 * 1024;
const headWords = [
  'SOURCE ', 'PUT ', 'POST ', 'DELETE ', 'GET ', ' HTTP/1.1\r\n', ' HTTP/1.0\r\n', ' ICE/1.0\r\n', '\r\n\r\n', '\n\n', '\r', '\n', ':', ': ', '\t', '\0', '%00', '%2e%2e/', '%c3%a9', '\xc3\xa9', '\xa0',
  '/', '//', '?', '#', '*', 'http://', 'Host: ', 'Content-Length: ', 'Transfer-Encoding: chunked', 'Content-Encoding: gzip', 'Expect: 100-continue', 'Authorization: Basic ', 'X-Forwarded-For: ', 'Forwarded: for="[', 'Ice-Name: ',
  'ice-audio-info: bitrate=', '__proto__: ', 'constructor: ', '-1', '99999999999999999999', '0x10', '\u001b[2J',
] as const;

/** What a reader of a connection's start finds when the bytes come in chunks. */
function found<T>(examine: (read: Buffer, known: number) => T | null, input: Buffer, split: Split): { readonly found: T; readonly bytes: number } | null {
  let read = Buffer.alloc(0);
  for (const chunk of chunksOf(input, split)) {
    const known = read.length;
    read = Buffer.concat([read, chunk]);
    const start = examine(read, known);
    if (start !== null) return { found: start, bytes: read.length };
  }
  return null;
}

const sourceHead: FuzzTarget = {
  name: 'source-head',
  seeds: texts(
    'PUT /live.mp3 HTTP/1.1\r\nUser-Agent: Lavf/59.27.100\r\nAccept: */*\r\nExpect: 100-continue\r\nConnection: close\r\nHost: a:8000\r\nContent-Type: audio/mpeg\r\nIcy-MetaData: 1\r\nIce-Public: 0\r\nAuthorization: Basic c291cmNlOnNlY3JldA==\r\n\r\n\xff\xfb\x90\x44',
    'SOURCE /live ICE/1.0\nice-name:Radio \xc3\xa9\nice-audio-info: ice-samplerate=44100;ice-bitrate=128\n\n',
    'POST /live?a=b HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 12\r\nX-Forwarded-For: 203.0.113.7, [2001:db8::1]:4711\r\n\r\n',
    'DELETE http://radio.example:8000/live HTTP/1.0\r\nForwarded: for="[2001:db8::1]:4711";proto=https, for=192.0.2.60\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\n\r\n',
  ),
  words: headWords,
  bytesMax,
  check: (input, splits) => {
    const examine = (read: Buffer, known: number): ReturnType<typeof findFirstRequest> => findFirstRequest(read, known, (method, path) => method !== 'POST' || path.startsWith('/l'));
    const expected = found(examine, input, whole);
    if (expected === null) assert.ok(input.length <= 16 * 1024, `${input.length} bytes are read, and still more are wanted`);
    for (const split of [finely(input), ...splits]) {
      const start = found(examine, input, split);
      assert.deepEqual(start?.found.found, expected?.found.found, `chunks of ${split.slice(0, 20).join()}: another request`);
      assert.ok((start?.found.bytesUsed ?? 0) <= (start?.bytes ?? 0), 'more bytes are used than there are');
    }
    const first = expected?.found.found;
    if (first?.kind !== 'source') return;
    const { path, headers } = first.head;
    assert.match(path, /^\/\P{Cc}*$/u);
    assert.ok(headers.size <= 100 && [...headers].every(([name, value]) => name === name.toLowerCase() && !/[\r\n]/.test(name + value)), 'a header that is none');
    const framing = bodyFraming(first.head);
    if ('kind' in framing && framing.kind === 'sized') assert.ok(Number.isSafeInteger(framing.bytes) && framing.bytes >= 0);
    basicLogin(headers.get('authorization'));
    for (const text of Object.values(publisherInfo(headers))) if (typeof text === 'string') assert.match(text, /^[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]{1,300}$/u);
    const address = clientAddress('10.0.0.1', { xForwardedFor: headers.get('x-forwarded-for') ?? '', forwarded: headers.get('forwarded') ?? '' }, new TrustedProxies(['10.0.0.0/8']));
    assert.notEqual(isIP(address), 0, `the client's address is ${address}`);
  },
};

const requestTarget: FuzzTarget = {
  name: 'request-target',
  seeds: texts('/camera.ts?join=1', 'http://radio.example:8000/camera.ts', '*', '//a@[#x', '/%ff%00/../..'),
  words: headWords,
  bytesMax,
  check: (input) => {
    const target = originForm(input.toString('latin1'));
    if (target !== null) assert.ok(target === '*' || /^\/[!-"$-~]*$/.test(target), `${JSON.stringify(target)} is no path`);
  },
};

const shoutcast: FuzzTarget = {
  name: 'shoutcast',
  seeds: texts('secret\r\nicy-name:Radio\r\nicy-genre:news\r\nicy-pub:1\r\nicy-br:128\r\ncontent-type:audio/mpeg\r\n\r\n\xff\xfb\x90', 'secret\r\r\n\r\n', '\n\n', 'secret\nicy-name:a\n\n'),
  words: headWords,
  bytesMax,
  check: (input, splits) => {
    const password = found((read) => findPassword(read), input, whole);
    const rest = input.subarray(password?.found.bytesUsed ?? 0);
    const headers = found(findHeaders, rest, whole);
    if (password === null) assert.ok(input.length < 1024, 'a password without end is read');
    if (headers === null) assert.ok(rest.length <= 16 * 1024, 'headers without end are read');
    for (const split of [finely(input), ...splits]) {
      assert.deepEqual(found((read) => findPassword(read), input, split)?.found, password?.found, 'another password');
      assert.deepEqual(found(findHeaders, rest, split)?.found.found, headers?.found.found, 'other headers');
    }
  },
};

const proxy: FuzzTarget = {
  name: 'proxy',
  seeds: () => [
    ...texts('PROXY TCP4 203.0.113.9 127.0.0.1 1 2\r\nGET / HTTP/1.0\r\n\r\n', 'PROXY UNKNOWN\r\n', 'PROXY TCP6 2001:db8::1 ::1 1 2\r\n')(),
    Buffer.concat([Buffer.from('0d0a0d0a000d0a515549540a2111000c', 'hex'), Buffer.from([203, 0, 113, 9, 127, 0, 0, 1, 0, 1, 0, 2]), Buffer.from('GET /')]),
    Buffer.concat([Buffer.from('0d0a0d0a000d0a515549540a21210024', 'hex'), Buffer.alloc(36, 1), Buffer.from('GET /')]),
  ],
  words: ['PROXY ', 'TCP4 ', 'TCP6 ', 'UNKNOWN', '\r\n', '255.255.255.255', '::ffff:1.2.3.4', '%eth0', '\r\n\r\n\0\r\nQUIT\n'],
  bytesMax: 6000,
  check: (input, splits) => {
    const read = (bytes: Buffer): ReturnType<typeof readProxyHeader> | null => {
      const header = readProxyHeader(bytes);
      return header.kind === 'short' ? null : header;
    };
    const header = found(read, input, whole)?.found ?? null;
    if (header === null) assert.ok(input.length < 16 + 4096, 'a header without end is read');
    if (header?.kind === 'header') assert.ok(header.bytes <= input.length && (header.address === null || isIP(header.address) !== 0), `${header.bytes} bytes, address ${header.address}`);
    for (const split of [finely(input), ...splits]) assert.deepEqual(found(read, input, split)?.found ?? null, header, 'another header');
  },
};

const chunked: FuzzTarget = {
  name: 'chunked',
  seeds: texts('5\r\nhello\r\n1a3;name="value"\r\nabc', '3\r\nabc\r\n0\r\nTrailer: x\r\n\r\nrest', '00000005 \r\nhello\r\nFFFFFFFF\r\n', '0\r\n\r\n'),
  words: ['\r\n', '0\r\n\r\n', '5\r\nhello\r\n', 'ffffffff', '100000000', '-1', ';', '+', 'g'],
  bytesMax,
  check: (input, splits) => {
    const expected = decodeChunks(input, whole);
    assert.ok(expected.data.length <= input.length, 'more data than there was input');
    for (const split of [finely(input), ...splits]) assert.deepEqual(decodeChunks(input, split), expected, `chunks of ${split.slice(0, 20).join()}`);
  },
};

function decodeChunks(input: Buffer, split: Split): { readonly data: string; readonly state: string } {
  const decoder = new ChunkedDecoder();
  const data: Uint8Array[] = [];
  let state = 'more';
  for (const chunk of chunksOf(input, split)) {
    state = decoder.push(chunk, (bytes) => data.push(bytes));
    if (state !== 'more') break;
  }
  return { data: Buffer.concat(data).toString('latin1'), state };
}

const response: FuzzTarget = {
  name: 'response',
  seeds: texts(
    'HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nicy-metaint: 8192\r\n\r\nmedia',
    'ICY 200 OK\r\nicy-name:Radio\r\n\r\nmedia',
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 302 Found\r\nLocation: /other\r\nContent-Length: 5\r\n\r\nhello and more',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n',
  ),
  words: ['HTTP/1.1 ', 'ICY ', '200 ', '100 ', '204 ', '\r\n\r\n', '\n\n', '\n\r\n', 'Content-Length: ', 'Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n', '999999999999999', ' '],
  bytesMax,
  check: (input, splits) => {
    const expected = readResponse(input, whole);
    assert.ok(expected.body.length <= input.length, 'more body than there was input');
    for (const split of [finely(input), ...splits]) assert.deepEqual(readResponse(input, split), expected, `chunks of ${split.slice(0, 20).join()}`);
  },
};

function readResponse(input: Buffer, split: Split): { readonly heads: readonly unknown[]; readonly body: string; readonly isComplete: boolean; readonly mayEnd: boolean; readonly problem: string | null } {
  const heads: unknown[] = [];
  const body: Uint8Array[] = [];
  const reader = new ResponseReader({ onHead: (head) => heads.push(head), onBody: (bytes) => body.push(bytes) });
  let problem: string | null = null;
  try {
    for (const chunk of chunksOf(input, split)) reader.push(chunk);
  } catch (error) {
    if (!(error instanceof ResponseError)) throw error;
    problem = error.message;
  }
  return { heads, body: Buffer.concat(body).toString('latin1'), isComplete: reader.isComplete, mayEnd: reader.mayEnd, problem };
}

/** What stands between a connection and what serves it. */
export const httpTargets: readonly FuzzTarget[] = [sourceHead, requestTarget, shoutcast, proxy, chunked, response];
