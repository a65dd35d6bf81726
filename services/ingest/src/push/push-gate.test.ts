import assert from 'node:assert/strict';
import test from 'node:test';
import { hashPassword } from '@weir/http';
import { Metrics } from '@weir/telemetry';
import { PushGate } from './push-gate.ts';

test('push gate: counts logins by what came of them', async () => {
  const metrics = new Metrics('0', 'ingest');
  const gate = new PushGate(metrics);
  const credentials = { user: 'source', passwordHash: await hashPassword('hackme', Buffer.alloc(16)) };
  assert.match(await metrics.text(), /^weir_ingest_logins_total\{result="wrong"\} 0$/m);
  assert.equal(await gate.check([credentials], { user: 'source', password: 'hackme' }, 'here'), credentials);
  assert.equal(await gate.check([credentials], { user: 'source', password: 'guess' }, 'here'), 'wrong');
  assert.equal(await gate.check([credentials], { user: 'admin', password: 'hackme' }, 'here'), 'wrong');
  const told = await metrics.text();
  assert.match(told, /^weir_ingest_logins_total\{result="right"\} 1$/m);
  assert.match(told, /^weir_ingest_logins_total\{result="wrong"\} 2$/m);
});
