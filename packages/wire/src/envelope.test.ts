import assert from 'node:assert/strict';
import test from 'node:test';
import type { StreamFrame } from '@weir/media';
import { headerBytes, MessageReader, MessageWriter } from './envelope.ts';
import { fragmentsMax, frameBytesMax, messageBytesMax } from './limits.ts';

const place = { epoch: 1_763_683_200_000, sequence: 2 ** 40, group: 7, capturedMillis: 1_763_683_200_123, discontinuity: false };

function media(bytes: number, over: Partial<StreamFrame> = {}): StreamFrame {
  return { kind: 'delta', payload: Buffer.alloc(bytes, bytes % 251), timeMicros: -5, ...place, ...over } as StreamFrame;
}

function pack(frames: readonly StreamFrame[]): Uint8Array[] {
  const messages: Uint8Array[] = [];
  const writer = new MessageWriter((message) => messages.push(message));
  for (const frame of frames) writer.add(frame);
  writer.flush();
  return messages;
}

function unpack(messages: readonly Uint8Array[]): { frames: StreamFrame[]; reader: MessageReader } {
  const frames: StreamFrame[] = [];
  const reader = new MessageReader();
  for (const message of messages) reader.read(message, (frame) => frames.push(frame));
  return { frames, reader };
}

const cases: readonly { name: string; frames: readonly StreamFrame[]; messages: number }[] = [
  { name: 'one frame in one message', frames: [media(188)], messages: 1 },
  { name: 'an empty payload', frames: [media(0)], messages: 1 },
  { name: 'small frames of one read together', frames: [media(400), media(401), media(402, { sequence: 9 })], messages: 1 },
  { name: 'no media time', frames: [media(10, { timeMicros: null })], messages: 1 },
  { name: 'a media time beyond 32 bits', frames: [media(10, { timeMicros: 2 ** 45 + 1 })], messages: 1 },
  { name: 'a discontinuity', frames: [media(10, { discontinuity: true })], messages: 1 },
  { name: 'a random access frame', frames: [media(10, { kind: 'random-access' })], messages: 1 },
  {
    name: 'an init with its format and content type',
    frames: [{ kind: 'init', format: 'mpjpeg', contentType: 'multipart/x-mixed-replace; boundary="é"', payload: Buffer.from('head'), ...place }],
    messages: 1,
  },
  { name: 'a title', frames: [{ kind: 'title', payload: Buffer.from('Björk - Jóga'), ...place }], messages: 1 },
  { name: 'the end', frames: [{ kind: 'end', payload: Buffer.alloc(0), ...place }], messages: 1 },
  { name: 'a frame that just fits', frames: [media(messageBytesMax - headerBytes)], messages: 1 },
  { name: 'a frame one byte too large in two fragments', frames: [media(messageBytesMax - headerBytes + 1)], messages: 2 },
  { name: 'a large frame between small ones, in order', frames: [media(5), media(300_000), media(6)], messages: 7 },
];

for (const { name, frames, messages } of cases) {
  test(`envelope: carries ${name}`, () => {
    const packed = pack(frames);
    assert.equal(packed.length, messages);
    assert.ok(packed.every((message) => message.length <= messageBytesMax));
    const plain = (list: readonly StreamFrame[]): unknown => list.map((frame) => ({ ...frame, payload: Buffer.from(frame.payload).toString('hex') }));
    assert.deepEqual(plain(unpack(packed).frames), plain(frames));
  });
}

test('envelope: every cut and every single-byte damage of a message is survived', () => {
  const whole = pack([media(20), media(21)])[0] ?? assert.fail('no message');
  for (let length = 0; length < whole.length; length++) unpack([whole.subarray(0, length)]);
  for (let index = 0; index < whole.length; index++) {
    const damaged = Buffer.from(whole);
    damaged[index] = (damaged[index] ?? 0) ^ 0xff;
    unpack([damaged]);
  }
});

test('envelope: another version is refused and counted', () => {
  const message = Buffer.from(pack([media(20)])[0] ?? assert.fail('no message'));
  message[0] = 99;
  const { frames, reader } = unpack([message]);
  assert.equal(frames.length, 0);
  assert.equal(reader.malformedMessages, 1);
});

test('envelope: a frame that lost a fragment is dropped and counted, the next one is whole', () => {
  const large = pack([media(200_000)]);
  for (let lost = 0; lost < large.length; lost++) {
    const { frames, reader } = unpack([...large.filter((_, index) => index !== lost), ...pack([media(9)])]);
    assert.deepEqual(frames.map((frame) => frame.payload.length), [9]);
    assert.equal(reader.incompleteFrames, 1);
  }
});

test('envelope: fragments without end never hold more than one frame may have', () => {
  const reader = new MessageReader();
  const [first, second] = pack([media(200_000)]);
  assert.ok(first !== undefined && second !== undefined);
  let held = 0;
  for (let fragment = 0; held < 2 * frameBytesMax; fragment++) {
    const message = Buffer.from(fragment === 0 ? first : second);
    message.writeUInt32BE(fragment, 44);
    reader.read(message, () => assert.fail('no frame is complete'));
    held += message.length;
  }
  assert.equal(reader.incompleteFrames, 1);
});

test('envelope: fragments of next to nothing are not kept without end', () => {
  const reader = new MessageReader();
  const [first] = pack([media(200_000)]);
  const small = Buffer.from((first ?? assert.fail('no message')).subarray(0, headerBytes + 1));
  small.writeUInt32BE(1, 4);
  for (let fragment = 0; fragment <= fragmentsMax; fragment++) {
    small.writeUInt32BE(fragment, 44);
    reader.read(Buffer.from(small), () => assert.fail('no frame is complete'));
  }
  assert.equal(reader.incompleteFrames, 1);
});

test('envelope: the largest frame has no more fragments than there may be', () => {
  const messages = pack([media(frameBytesMax)]);
  assert.ok(messages.length <= fragmentsMax);
  assert.equal(unpack(messages).frames[0]?.payload.length, frameBytesMax);
});

const strange: readonly { name: string; change: (message: Buffer) => unknown }[] = [
  { name: 'a negative epoch', change: (message) => message.writeDoubleBE(-1, 8) },
  { name: 'a negative sequence', change: (message) => message.writeDoubleBE(-1, 16) },
  { name: 'a media time without end', change: (message) => message.writeDoubleBE(Infinity, 24) },
  { name: 'a capture time that is no number', change: (message) => message.writeDoubleBE(NaN, 32) },
];
for (const { name, change } of strange) {
  test(`envelope: ${name} is refused and counted`, () => {
    const message = Buffer.from(pack([media(20)])[0] ?? assert.fail('no message'));
    change(message);
    const { frames, reader } = unpack([message]);
    assert.deepEqual([frames.length, reader.malformedMessages], [0, 1]);
  });
}

test('envelope: a content type that would end a header is refused and counted', () => {
  for (const contentType of ['video/mp2t\r\nSet-Cookie: a', 'video/mp2t\0', 'video/\u{1f3a5}', 'a'.repeat(1001)]) {
    const { frames, reader } = unpack(pack([{ kind: 'init', format: 'mpegts', contentType, payload: Buffer.alloc(1), ...place }]));
    assert.deepEqual([frames.length, reader.malformedMessages], [0, 1], contentType);
  }
});

test('envelope: a message larger than any that is sent is refused and counted', () => {
  const message = Buffer.concat([...pack([media(20)]), Buffer.alloc(messageBytesMax)]);
  const { frames, reader } = unpack([message]);
  assert.deepEqual([frames.length, reader.malformedMessages], [0, 1]);
});
