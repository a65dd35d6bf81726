import assert from 'node:assert/strict';
import test from 'node:test';
import { RtpReader } from './rtp-reader.ts';

interface Rtp {
  readonly sequence?: number;
  readonly source?: number;
  readonly type?: number;
  readonly flags?: number;
  /** Between the fixed header and the payload. */
  readonly more?: readonly number[];
  readonly payload?: readonly number[];
}

function rtp({ sequence = 0, source = 1, type = 33, flags = 0x80, more = [], payload = [0x47, 1, 2] }: Rtp): Buffer {
  const header = Buffer.alloc(12);
  header[0] = flags;
  header[1] = type;
  header.writeUInt16BE(sequence, 2);
  header.writeUInt32BE(source, 8);
  return Buffer.concat([header, Buffer.from([...more, ...payload])]);
}

const plain = [0x47, 1, 2];
const cases: readonly { name: string; datagram: Buffer; gives: readonly number[] | 'as it is' }[] = [
  { name: 'a transport stream without header', datagram: Buffer.from([...plain, ...Buffer.alloc(185)]), gives: 'as it is' },
  { name: 'the payload of type 33', datagram: rtp({ payload: [9, 9] }), gives: [9, 9] },
  { name: 'the payload with the marker set', datagram: rtp({ type: 0x80 | 33 }), gives: plain },
  { name: 'the payload of another type that begins with a sync byte', datagram: rtp({ type: 96 }), gives: plain },
  { name: 'what is of another type and does not', datagram: rtp({ type: 96, payload: [9, 9] }), gives: 'as it is' },
  { name: 'the payload behind two contributing sources', datagram: rtp({ flags: 0x82, more: [1, 2, 3, 4, 5, 6, 7, 8] }), gives: plain },
  { name: 'the payload behind an extension', datagram: rtp({ flags: 0x90, more: [0xbe, 0xde, 0, 1, 1, 2, 3, 4] }), gives: plain },
  { name: 'the payload without padding', datagram: rtp({ flags: 0xa0, payload: [...plain, 0, 0, 3] }), gives: plain },
  { name: 'nothing of padding that is more than there is', datagram: rtp({ flags: 0xa0, payload: [...plain, 255] }), gives: [] },
  { name: 'nothing of an extension that is longer than the datagram', datagram: rtp({ flags: 0x90, more: [0, 0, 255, 255] }), gives: [] },
  { name: 'nothing of a header alone', datagram: rtp({ payload: [] }), gives: [] },
  { name: 'what is shorter than a header', datagram: Buffer.from([0x80, 33, 0]), gives: 'as it is' },
  { name: 'what is of another version', datagram: rtp({ flags: 0x40 }), gives: 'as it is' },
  { name: 'nothing of nothing', datagram: Buffer.alloc(0), gives: 'as it is' },
];
for (const { name, datagram, gives } of cases) {
  test(`RTP reader: gives ${name}`, () => {
    assert.deepEqual([...new RtpReader().read(datagram)], [...(gives === 'as it is' ? datagram : gives)]);
  });
}

const sequences: readonly { name: string; numbers: readonly (number | readonly [sequence: number, source: number])[]; given: number; lost: number; late: number }[] = [
  { name: 'nothing while the numbers count', numbers: [7, 8, 9], given: 3, lost: 0, late: 0 },
  { name: 'nothing when they wrap', numbers: [65534, 65535, 0, 1], given: 4, lost: 0, late: 0 },
  { name: 'what is missing', numbers: [7, 10, 11], given: 3, lost: 2, late: 0 },
  { name: 'what is missing where they wrap', numbers: [65535, 1], given: 2, lost: 1, late: 0 },
  { name: 'one that comes twice', numbers: [7, 7, 8], given: 2, lost: 0, late: 1 },
  { name: 'one that comes late', numbers: [7, 9, 8, 10], given: 3, lost: 1, late: 1 },
  { name: 'nothing when the sender starts again elsewhere', numbers: [7, 40_000, 40_001], given: 3, lost: 0, late: 0 },
  { name: 'nothing when it starts again with lower numbers', numbers: [20_000, 5, 6], given: 3, lost: 0, late: 0 },
  { name: 'nothing when there is another sender', numbers: [[7, 1], [9, 2], [10, 2]], given: 3, lost: 0, late: 0 },
];
for (const { name, numbers, given, lost, late } of sequences) {
  test(`RTP reader: counts ${name}`, () => {
    const reader = new RtpReader();
    const payloads = numbers.map((each) => (typeof each === 'number' ? reader.read(rtp({ sequence: each })) : reader.read(rtp({ sequence: each[0], source: each[1] }))));
    assert.deepEqual([payloads.filter(({ length }) => length > 0).length, reader.lost, reader.late], [given, lost, late]);
  });
}
