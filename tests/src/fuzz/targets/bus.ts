import { decodeHeard, encodeHeard, HeardCopy } from '@weir/bus/parsers';
import { DemandTable } from '@weir/ingest/parsers';
import type { StreamFrame } from '@weir/media';
import { Sequencer } from '@weir/ring';
import { fleetStatus, readInstanceStatus } from '@weir/telemetry';
import {
  decodeAdminReply, decodeAdminRequest, decodeDemand, decodePictureReply, decodePictureRequest, decodeSnapshotRequest, decodeSources, decodeStopped, decodeToken, encodeAdminReply,
  encodeAdminRequest, encodeControl, encodePictureReply, encodePictureRequest, encodeStopped, encodeToken, frameBytesMax, MessageReader, MessageWriter, streamOfSession,
} from '@weir/wire';
import assert from 'node:assert/strict';
import { texts } from '../target.ts';
import type { FuzzTarget } from '../target.ts';

const jsonWords = ['{', '}', '[', ']', ',', ':', '"', 'null', 'true', '-1', '1e999', '1e400', '9007199254740992', '0.5', '\\u0000', '\\ud800', '__proto__', 'constructor', 'toString', '{"__proto__":{"edge":"a"}}', '\n'] as const;

const place = { epoch: 1_763_683_200_000, group: 7, capturedMillis: 1_763_683_200_123, discontinuity: false };
const sentFrames: readonly StreamFrame[] = [
  { kind: 'init', format: 'mpegts', contentType: 'video/mp2t', payload: Buffer.from('pat pmt'), ...place, sequence: 0 },
  { kind: 'title', payload: Buffer.from('Artist - Title'), ...place, sequence: 1 },
  { kind: 'random-access', payload: Buffer.alloc(188, 0x47), timeMicros: 40_000, ...place, sequence: 2 },
  { kind: 'delta', payload: Buffer.alloc(100_000, 1), timeMicros: null, ...place, sequence: 3 },
  { kind: 'end', payload: Buffer.alloc(0), ...place, sequence: 4 },
];

/** Messages in one input: each with its length in the four bytes before it. */
function messagesIn(input: Buffer): readonly Buffer[] {
  const messages: Buffer[] = [];
  for (let at = 0; at + 4 <= input.length; ) {
    const message = input.subarray(at + 4, at + 4 + input.readUInt32BE(at));
    messages.push(message);
    at += 4 + message.length;
  }
  return messages;
}

function packed(frames: readonly StreamFrame[]): Buffer {
  const parts: Uint8Array[] = [];
  const writer = new MessageWriter((message) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(message.length);
    parts.push(length, message);
  });
  for (const frame of frames) writer.add(frame);
  writer.flush();
  return Buffer.concat(parts);
}

const envelope: FuzzTarget = {
  name: 'envelope',
  seeds: () => [packed(sentFrames.slice(0, 3)), packed(sentFrames), packed([...sentFrames.slice(0, 3), ...sentFrames.slice(4)])],
  words: ['\x02\x00', '\x02\x02\x02', '\x02\x00\x00\x00\xff\xff\xff\xff', '\x7f\xf8\0\0\0\0\0\0', '\xff\xf0\0\0\0\0\0\0', '\xbf\xf0\0\0\0\0\0\0', '\x06mpegts', '\r\nSet-Cookie: a'],
  bytesMax: 130 * 1024,
  check: (input) => {
    const messages = messagesIn(input);
    const frames: StreamFrame[] = [];
    const reader = new MessageReader();
    for (const message of messages) reader.read(message, (frame) => frames.push(frame));
    assert.ok(frames.reduce((bytes, { payload }) => bytes + payload.length, 0) <= input.length, 'more bytes than came');
    for (const frame of frames) {
      assert.ok(Number.isSafeInteger(frame.epoch) && Number.isSafeInteger(frame.sequence) && Number.isFinite(frame.capturedMillis) && frame.epoch >= 0 && frame.sequence >= 0, 'a place that is none');
      assert.ok(frame.payload.length <= frameBytesMax);
      if (frame.kind === 'init') assert.match(frame.contentType, /^[\x20-\x7e\x80-\xff]*$/);
      else if ('timeMicros' in frame) assert.ok(frame.timeMicros === null || Number.isFinite(frame.timeMicros), `the time ${frame.timeMicros}`);
    }
    // What was read is written and read as the same again.
    const again: StreamFrame[] = [];
    const second = new MessageReader();
    for (const message of messagesIn(packed(frames))) second.read(message, (frame) => again.push(frame));
    const plain = (list: readonly StreamFrame[]): unknown => list.map((frame) => ({ ...frame, payload: Buffer.from(frame.payload).toString('latin1') }));
    assert.deepEqual(plain(again), plain(frames), 'other frames when sent on');
    assertInOrder(frames);
  },
};

/** Half as a snapshot, half as live frames: what comes out is in order, each frame once. */
function assertInOrder(frames: readonly StreamFrame[]): void {
  let last: StreamFrame | null = null;
  let asked = 0;
  const sequencer = new Sequencer(
    (frame) => {
      assert.ok(last === null || frame.epoch > last.epoch || (frame.epoch === last.epoch && frame.sequence > last.sequence), 'frames are out of order');
      last = frame;
    },
    () => asked++,
  );
  sequencer.start();
  for (const [index, frame] of frames.entries()) {
    if (index % 2 === 0) sequencer.live(frame);
    if (index % 16 === 15) sequencer.snapshot(frames.slice(0, index));
  }
  sequencer.snapshotFailed();
  assert.ok(asked <= 1 + frames.length, 'more snapshots are asked for than there are frames');
}

/** A decoder, and what makes bytes of what it gave. */
interface Codec {
  readonly decode: (bytes: Buffer) => unknown;
  readonly encode: (value: never) => Uint8Array;
}

const codecs: readonly Codec[] = [
  { decode: decodeDemand, encode: encodeControl },
  { decode: decodeSnapshotRequest, encode: encodeControl },
  { decode: decodeSources, encode: encodeControl },
  { decode: decodeAdminRequest, encode: encodeAdminRequest },
  { decode: (bytes) => decodeAdminReply([bytes]), encode: (reply) => Buffer.concat(encodeAdminReply(reply)) },
  { decode: decodePictureRequest, encode: encodePictureRequest },
  { decode: decodeStopped, encode: encodeStopped },
];

const control: FuzzTarget = {
  name: 'control-messages',
  seeds: texts(
    '{"edge":"edge-1","listeners":3}',
    '{"edge":"edge-1","listeners":3,"after":{"epoch":1,"sequence":2},"behindMillis":1000}',
    '{"ingest":"ingest-1","sources":["live/anna","live/bob"]}',
    '{"version":1,"wants":"restart","kind":"feed","name":"cam"}',
    '{"version":1,"wants":"listeners","stream":null,"after":null,"limit":100}',
    '{"version":1,"wants":"log-level","level":"debug","component":"edge"}',
    '{"version":1,"is":"done","says":"so"}',
    '{"version":1,"is":"listeners","more":false,"listeners":[{"id":"a.1","stream":"a","address":"1.2.3.4","userAgent":"x","since":"2026-01-01","bytes":1,"lagSeconds":0.5,"skips":0}]}',
    '{"format":"jpg","quality":85,"width":320,"waitMillis":1000}',
    '{"version":1,"stopped":[{"kind":"feed","name":"a","since":"2026-01-01"}]}',
  ),
  words: jsonWords,
  bytesMax: 16 * 1024,
  check: (input) => {
    for (const { decode, encode } of codecs) {
      const value = decode(input);
      if (value !== null) assert.deepEqual(decode(Buffer.from(encode(value as never))), value, 'other words when sent on');
    }
    const demand = decodeDemand(input);
    if (demand === null) return;
    const table = new DemandTable();
    for (let index = 0; index < 3; index++) table.hear(`${demand.edge}${index}`, demand.listeners, 0);
    assert.equal(table.wanted, demand.listeners > 0);
    table.expire(1e9);
    assert.equal(table.wanted, false);
  },
};

const picture: FuzzTarget = {
  name: 'picture-replies',
  seeds: () => [Buffer.from('{"contentType":"image/jpeg","shown":"1.2","bytes":4}\n\xff\xd8\xff\xd9', 'latin1'), Buffer.from('{"reason":"busy"}\n')],
  words: [...jsonWords, 'image/png', 'text/html', '"bytes":'],
  bytesMax: 4096,
  check: (input) => {
    const end = input.indexOf('\n');
    const reply = decodePictureReply(end < 0 ? [input] : [input.subarray(0, end), input.subarray(end + 1)]);
    if (reply === null) return;
    if (reply.kind === 'picture') assert.match(`${reply.contentType} ${reply.shown}`, /^(?:image\/[\w.+-]+|application\/octet-stream) [\w.-]+$/);
    assert.deepEqual(decodePictureReply(encodePictureReply(reply)), reply);
  },
};

const writer = '01234567-89ab-cdef-0123-456789abcdef';
const version = { key: 'cam', writer, term: 1, birth: 2, revision: 3, deleted: false };

const heard: FuzzTarget = {
  name: 'heard',
  seeds: () => [
    encodeHeard({ is: 'entry', from: writer, version, ageMillis: 5, value: Buffer.from('{"instance":"a","busy":true}') }),
    encodeHeard({ is: 'claim', from: writer, version, over: 2, value: Buffer.from('value') }),
    encodeHeard({ is: 'mention', from: writer, versions: [version, { ...version, key: 'other' }] }),
    encodeHeard({ is: 'fetch', from: writer, keys: ['cam'] }),
    encodeHeard({ is: 'ask', from: writer }),
  ].map((bytes) => Buffer.from(bytes)),
  words: [...jsonWords, writer, '"key":"', '"term":', '"revision":', '"deleted":true'],
  bytesMax: 16 * 1024,
  check: (input) => {
    const message = decodeHeard(input);
    if (message === null) return;
    assert.deepEqual(decodeHeard(encodeHeard(message)), message, 'other words when sent on');
    if (message.is !== 'entry') return;
    const copy = new HeardCopy(1000);
    const entry = { ...message.version, value: message.value, toldMillis: performance.now() - message.ageMillis };
    assert.equal(copy.accept(entry, true), true);
    assert.equal(copy.accept(entry, true), false, 'the same entry stands against itself');
    assert.equal(copy.entries.length, 1);
  },
};

const names: FuzzTarget = {
  name: 'subjects',
  seeds: texts('cam', 'live/anna', 'session 1-2 of cam', '=c3=a9', '=2a=3e=2e', 'a.b.*.>'),
  words: ['.', '*', '>', ' ', '=', '=2e', '=e2=82', '\xc3\xa9', '\xff', '\0', 'session ', ' of '],
  bytesMax: 2000,
  check: (input) => {
    for (const name of [input.toString('latin1'), input.toString(), decodeToken(input.toString('latin1')) ?? 'a']) {
      streamOfSession(name);
      let token: string;
      try {
        token = encodeToken(name);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        continue;
      }
      assert.match(token, /^[A-Za-z0-9_=-]{1,420}$/);
      assert.equal(decodeToken(token), Buffer.from(name).toString());
    }
  },
};

const since = '2026-11-21T10:00:00.000Z';
const streamOfEdge = { name: 'cam', path: '/cam', state: 'live', contentType: null, listeners: 1, listenersPeak: 1, listenersTotal: 1, bytesIn: 1, bytesOut: 1, bitsPerSecondIn: 1, bitsPerSecondOut: 1, skips: 0, gapsMended: 0, gapsLost: 0 };
const producer = { name: 'cam', kind: 'feed', mood: 'happy', since, lastError: null, owner: 'a', pid: 1, format: null, epoch: 1, restarts: 0, bytes: 1, frames: 1, skippedBytes: 0, gaps: 0, bitsPerSecond: 8 };

const status: FuzzTarget = {
  name: 'status',
  seeds: texts(
    JSON.stringify({ instance: 'e', version: '0', since, pid: 1, role: 'edge', url: 'http://a', streams: [streamOfEdge] }),
    JSON.stringify({ instance: 'i', version: '0', since, pid: 1, role: 'ingest', producers: [producer, { ...producer, kind: 'encoder', mood: 'lost' }] }),
  ),
  words: jsonWords,
  bytesMax: 8192,
  check: (input) => {
    const account = readInstanceStatus(input);
    if (account === null) return;
    const accounts = account.role === 'edge' ? { edges: [account], ingests: [] } : { edges: [], ingests: [account] };
    const streams = ['cam', 'constructor'].map((name) => ({ name, path: `/${name}`, feed: name, encoded: true, format: null }));
    const told = fleetStatus({ weirVersion: '0', since, time: since, streams, feeds: [{ name: 'cam' }], ...accounts });
    assert.ok(told.streams.every(({ listeners, bytesOut }) => listeners >= 0 && bytesOut >= 0));
  },
};

/** What crosses the bus. */
export const busTargets: readonly FuzzTarget[] = [envelope, control, picture, heard, names, status];
