import assert from 'node:assert/strict';
import test from 'node:test';
import { decodeAdminReply, decodeAdminRequest, encodeAdminReply, encodeAdminRequest } from './administration.ts';
import type { AdminReply, AdminRequest, ListenerAccount } from './administration.ts';
import { administrationListenersMax, messageBytesMax } from './limits.ts';
import { decodeStopped, encodeStopped } from './stopped.ts';

const requests: readonly AdminRequest[] = [
  { wants: 'restart', kind: 'encoder', name: 'live/anna' },
  { wants: 'listeners', stream: null, after: 'edge.x.1', limit: 1000 },
  { wants: 'kick', id: 'edge.x.1' },
  { wants: 'drain', seconds: null },
  { wants: 'drain', seconds: 0.5 },
  { wants: 'undrain' },
  { wants: 'log-level', level: 'debug', component: 'ingest.feed a' },
];
for (const request of requests) {
  test(`admin request: ${JSON.stringify(request)} comes back as it was sent`, () => assert.deepEqual(decodeAdminRequest(encodeAdminRequest(request)), request));
}

const faults = [
  '',
  '[]',
  '{"version":2,"wants":"undrain"}',
  '{"version":1}',
  '{"version":1,"wants":"reboot"}',
  '{"version":1,"wants":"restart","kind":"edge","name":"x"}',
  '{"version":1,"wants":"drain","seconds":-1}',
  '{"version":1,"wants":"drain"}',
  `{"version":1,"wants":"listeners","stream":null,"after":null,"limit":${administrationListenersMax + 1}}`,
  '{"version":1,"wants":"log-level","level":"loud","component":null}',
  `{"version":1,"wants":"kick","id":"${'x'.repeat(1001)}"}`,
];
for (const fault of faults) {
  test(`admin request: ${fault.slice(0, 80)} is none`, () => assert.equal(decodeAdminRequest(Buffer.from(fault)), null));
}

const listener: ListenerAccount = { id: 'e.x.1', stream: 's', address: '::1', userAgent: 'ü'.repeat(100), since: '2031-05-06T07:08:09.000Z', bytes: 1, lagSeconds: 0.25, skips: 0 };

test('admin reply: a thousand listeners come back as they were sent, in messages that the bus carries', () => {
  const reply: AdminReply = { is: 'listeners', listeners: Array.from({ length: administrationListenersMax }, (_, index) => ({ ...listener, id: `e.x.${index}` })), more: true };
  const messages = encodeAdminReply(reply);
  assert.ok(messages.length > 1 && messages.every(({ length }) => length > 0 && length <= messageBytesMax));
  assert.deepEqual(decodeAdminReply(messages), reply);
  assert.equal(decodeAdminReply(messages.slice(1)), null);
});

test('admin reply: what is done or refused comes back as it was sent', () => {
  for (const reply of [{ is: 'done', says: 'x' }, { is: 'refused', because: 'conflict', why: 'y' }] as const) assert.deepEqual(decodeAdminReply(encodeAdminReply(reply)), reply);
});

for (const fault of [{ is: 'listeners', listeners: [{ ...listener, bytes: '1' }], more: false }, { is: 'listeners', listeners: {}, more: false }, { is: 'refused', because: 'no', why: '' }, { is: 'done' }]) {
  test(`admin reply: ${JSON.stringify(fault).slice(0, 60)} is none`, () => assert.equal(decodeAdminReply([Buffer.from(JSON.stringify({ version: 1, ...fault }))]), null));
}

test('stopped: what is stopped comes back, and what is no producer is left out', () => {
  const stopped = [{ kind: 'feed', name: 'a', since: '2031' }, { kind: 'encoder', name: 'b', since: '2031' }] as const;
  assert.deepEqual(decodeStopped(encodeStopped(stopped)), stopped);
  assert.deepEqual(decodeStopped(Buffer.from('{"version":1,"stopped":[null,{"kind":"feed"},{"kind":"feed","name":"a","since":"2031"}]}')), [stopped[0]]);
  assert.deepEqual(decodeStopped(Buffer.from('nonsense')), []);
});
