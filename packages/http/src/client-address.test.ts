import assert from 'node:assert/strict';
import test from 'node:test';
import { clientAddress, TrustedProxies } from './client-address.ts';

const trusted = new TrustedProxies(['10.0.0.0/8', '192.0.2.1', 'fd00::/8']);
const cases: readonly { name: string; socket: string; xForwardedFor?: string; forwarded?: string; client: string }[] = [
  { name: 'nobody is asked when the socket is not a trusted proxy', socket: '203.0.113.9', xForwardedFor: '1.2.3.4', client: '203.0.113.9' },
  { name: 'a trusted proxy is believed', socket: '10.1.2.3', xForwardedFor: '203.0.113.9', client: '203.0.113.9' },
  { name: 'what the client itself wrote in front is not', socket: '10.1.2.3', xForwardedFor: '6.6.6.6, 203.0.113.9', client: '203.0.113.9' },
  { name: 'a chain of trusted proxies is followed', socket: '10.1.2.3', xForwardedFor: '203.0.113.9, 192.0.2.1, 10.0.0.4', client: '203.0.113.9' },
  { name: 'garbage ends the chain', socket: '10.1.2.3', xForwardedFor: '203.0.113.9, unknown, 10.0.0.4', client: '10.0.0.4' },
  { name: 'no header leaves the proxy', socket: '10.1.2.3', client: '10.1.2.3' },
  { name: 'an IPv4 socket over IPv6 is IPv4', socket: '::ffff:10.1.2.3', xForwardedFor: '203.0.113.9:1234', client: '203.0.113.9' },
  { name: 'IPv6 with a port', socket: 'fd00::1', xForwardedFor: '[2001:db8::7]:99', client: '2001:db8::7' },
  { name: 'Forwarded', socket: '10.1.2.3', forwarded: 'for=6.6.6.6, for="[2001:db8::7]:99";proto=https;by=10.1.2.3', client: '2001:db8::7' },
  { name: 'X-Forwarded-For before Forwarded', socket: '10.1.2.3', xForwardedFor: '203.0.113.9', forwarded: 'for=1.1.1.1', client: '203.0.113.9' },
];
for (const { name, socket, xForwardedFor = '', forwarded = '', client } of cases) {
  test(`client address: ${name}`, () => assert.equal(clientAddress(socket, { xForwardedFor, forwarded }, trusted), client));
}

for (const network of ['', 'proxy.example.org', '10.0.0.0/33', '10.0.0.0/x', '10.0.0.0/8/8', 'fd00::/129']) {
  test(`trusted proxies: "${network}" is refused`, () => assert.throws(() => new TrustedProxies([network]), /is no address and no network/));
}
