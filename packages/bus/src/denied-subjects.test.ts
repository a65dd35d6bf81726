import assert from 'node:assert/strict';
import test from 'node:test';
import { Events } from 'nats';
import type { Status } from 'nats';
import { DeniedSubjects } from './denied-subjects.ts';
import { deniedSubjectsMax } from './limits.ts';

const denial = (operation: string, subject: string): Status => ({ type: Events.Error, data: 'PERMISSIONS_VIOLATION', permissionContext: { operation, subject } });

function heard(...statuses: readonly Status[]): readonly string[] {
  const told: string[] = [];
  const denied = new DeniedSubjects((operation, subject) => told.push(`${operation} ${subject}`.trim()));
  for (const status of statuses) denied.hear(status);
  return told;
}

test('denied subjects: each is told once, for publishing and for subscribing', () => {
  const told = heard(denial('publish', 'weir.frames.a'), denial('publish', 'weir.frames.a'), denial('subscription', 'weir.frames.a'), denial('publish', 'weir.frames.b'));
  assert.deepEqual(told, ['publish weir.frames.a', 'subscribe weir.frames.a', 'publish weir.frames.b']);
});

test('denied subjects: those that differ in what was drawn at random are one', () => {
  const told = heard(
    denial('publish', '$JS.API.CONSUMER.CREATE.KV_weir_config.TYIE3OZRTJNHK3RWQX4JP0.$KV.weir_config.current'),
    denial('publish', '$JS.API.CONSUMER.CREATE.KV_weir_config.TYIE3OZRTJNHK3RWQX4JQ7.$KV.weir_config.current'),
    denial('subscription', '_INBOX_edge.TYIE3OZRTJNHK3RWQX4JS1'),
    denial('subscription', 'weir.config.7d4bd2ac-6a39-4b0e-9f0c-0123456789ab'),
  );
  assert.deepEqual(told, ['publish $JS.API.CONSUMER.CREATE.KV_weir_config.*.$KV.weir_config.current', 'subscribe _INBOX_edge.*', 'subscribe weir.config.*']);
});

test('denied subjects: they are told again after a reconnect', () => {
  assert.equal(heard(denial('publish', 'a'), { type: Events.Reconnect, data: '' }, denial('publish', 'a')).length, 2);
});

test('denied subjects: a login that is refused is told once, another error of the server never', () => {
  const refused: Status = { type: Events.Error, data: 'AUTHORIZATION_VIOLATION' };
  assert.deepEqual(heard(refused, refused, { type: Events.Error, data: 'NATS_PROTOCOL_ERR' }), ['connect']);
});

test('denied subjects: no more are told than are remembered', () => {
  assert.equal(heard(...Array.from({ length: deniedSubjectsMax + 9 }, (_, index) => denial('publish', String(index)))).length, deniedSubjectsMax);
});
