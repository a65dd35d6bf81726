import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { readProxyHeader } from '../proxy-protocol.ts';
import { addressKey, AddressList } from './address-list.ts';
import { AddressRules } from './address-rules.ts';

const keys: readonly (readonly [address: string, key: string])[] = [
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:0DB8:0001:2::9', '2001:db8:1:2'],
  ['2001:db8::9', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['64:ff9b::203.0.113.7', '64:ff9b:0:0'],
  ['nowhere', 'nowhere'],
];
for (const [address, key] of keys) test(`address key: of ${address} is ${key}`, () => assert.equal(addressKey(address), key));

test('address rules: deny goes before allow; what is no address comes in only where nothing is ruled', () => {
  const rules = new AddressRules({ allow: ['10.0.0.0/8', 'fd00::/8'], deny: ['10.9.0.0/16', 'fd00:bad::/32'] });
  for (const address of ['10.1.2.3', '::ffff:10.1.2.3', '::ffff:a01:203', 'fd00::1']) assert.equal(rules.admits(address), true, address);
  for (const address of ['10.9.1.1', '::ffff:10.9.1.1', '::ffff:a09:101', 'fd00:bad::1', '192.0.2.1', '::1', '', '-', '10.1.2']) assert.equal(rules.admits(address), false, address);
  assert.equal(new AddressRules({ allow: [], deny: ['10.0.0.0/8'] }).admits('-'), false);
  assert.equal(new AddressRules({ allow: [], deny: [] }).admits('-'), true);
});

test('address list: takes or refuses any text, and a network has its own address', () => {
  fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(32), (address, bits) => assert.ok(new AddressList([`${address}/${bits}`]).includes(address))));
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        new AddressList([text]);
      } catch (error) {
        assert.ok(error instanceof RangeError);
      }
      assert.equal(typeof addressKey(text), 'string');
    }),
  );
});

test('PROXY protocol: any bytes are a header, too few for one, or none; never an address that is none', () => {
  const begun = fc.tuple(fc.constantFrom('PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n', 'PROXY TCP6 ::1 ::2 1 2\r\n', 'PROXY UNKNOWN\r\n', '\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c'), fc.nat(40), fc.uint8Array({ maxLength: 40 }));
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 300 }), begun.map(([text, length, rest]) => Buffer.concat([Buffer.from(text, 'latin1').subarray(0, length), rest])));
  fc.assert(
    fc.property(bytes, (given) => {
      const header = readProxyHeader(Buffer.from(given));
      if (header.kind !== 'short' && header.kind !== 'invalid') assert.ok(header.bytes <= given.length && (header.address === null || new AddressList(['0.0.0.0/0', '::/0']).includes(header.address)));
    }),
  );
});
