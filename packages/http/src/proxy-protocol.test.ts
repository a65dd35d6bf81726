import assert from 'node:assert/strict';
import test from 'node:test';
import { readProxyHeader } from './proxy-protocol.ts';

const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');

function binary(versionCommand: number, family: number, addresses: readonly number[]): Buffer {
  const head = Buffer.from([versionCommand, family, addresses.length >> 8, addresses.length & 255]);
  return Buffer.concat([signature, head, Buffer.from(addresses)]);
}

const four = [203, 0, 113, 7, 10, 0, 0, 1, 0x1f, 0x90, 0, 80];
const six = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, ...Array<number>(16).fill(0), 0, 1, 0, 2];
const headers: readonly { name: string; header: Buffer; address: string | null }[] = [
  { name: 'version 1, IPv4', header: Buffer.from('PROXY TCP4 203.0.113.7 10.0.0.1 8080 80\r\n'), address: '203.0.113.7' },
  { name: 'version 1, IPv6', header: Buffer.from('PROXY TCP6 2001:db8::7 ::1 8080 80\r\n'), address: '2001:db8::7' },
  { name: 'version 1, unknown', header: Buffer.from('PROXY UNKNOWN\r\n'), address: null },
  { name: 'version 2, IPv4', header: binary(0x21, 0x11, four), address: '203.0.113.7' },
  { name: 'version 2, IPv6', header: binary(0x21, 0x21, six), address: '2001:db8:0:0:0:0:0:7' },
  { name: 'version 2, local', header: binary(0x20, 0x00, []), address: null },
  { name: 'version 2 with extensions', header: binary(0x21, 0x11, [...four, 0x04, 0, 2, 1, 1]), address: '203.0.113.7' },
];
for (const { name, header, address } of headers) {
  test(`PROXY protocol: ${name}, however it is split`, () => {
    const whole = Buffer.concat([header, Buffer.from('GET / HTTP/1.1\r\n\r\n')]);
    assert.deepEqual(readProxyHeader(whole), { kind: 'header', bytes: header.length, address });
    for (let length = 0; length < header.length; length++) assert.deepEqual(readProxyHeader(whole.subarray(0, length)), { kind: 'short' }, `${length} bytes`);
  });
}

const invalid: readonly [name: string, bytes: Buffer][] = [
  ['a plain request', Buffer.from('GET / HTTP/1.1\r\n')],
  ['a line without end', Buffer.from(`PROXY TCP4 ${'1'.repeat(200)}`)],
  ['an address that is none', Buffer.from('PROXY TCP4 999.0.0.1 10.0.0.1 1 2\r\n')],
  ['an address of the other family', Buffer.from('PROXY TCP4 ::1 ::1 1 2\r\n')],
  ['another version', binary(0x31, 0x11, four)],
  ['too few bytes for its addresses', binary(0x21, 0x21, four)],
  ['a length beyond all bounds', Buffer.concat([signature, Buffer.from([0x21, 0x11, 0xff, 0xff])])],
];
for (const [name, bytes] of invalid) test(`PROXY protocol: ${name} is refused`, () => assert.deepEqual(readProxyHeader(bytes), { kind: 'invalid' }));
