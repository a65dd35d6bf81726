import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import test from 'node:test';
import { MemoryBus } from '@weir/bus';
import { createLogger } from '@weir/telemetry';
import { Subjects } from '@weir/wire';
import { busyAfterMillis, calmAfterMillis } from './limits.ts';
import { Room } from './room.ts';

const full = { listeners: 2, bandwidth: 1.5 };
const empty = { listeners: 0, bandwidth: 0 };
/** Beyond what the event loop of a test can use. */
const busyAt = 1.2;

class Edges {
  readonly bus = new MemoryBus((error) => assert.fail(String(error)));
  readonly subjects = new Subjects();
  log = '';

  room(instance: string, pool = ''): Room {
    const write = new Writable({ write: (chunk, _encoding, done) => ((this.log += String(chunk)), done()) });
    return new Room({ instance, bus: this.bus, subjects: this.subjects, pool, logger: createLogger({ name: instance, level: 'info', format: 'text', write }) });
  }
}

function become(room: Room, shares: typeof full, from: number): void {
  for (const passed of [0, busyAfterMillis, calmAfterMillis]) room.tick(shares, busyAt, true, from + passed);
}

test('room: a busy edge sends listeners away while another has room, and takes them when none has', () => {
  const edges = new Edges();
  const [one, other] = [edges.room('one'), edges.room('other')];
  become(one, full, 0);
  assert.deepEqual([one.busy, one.load, one.notReady], [true, 2, null]);
  other.tick(empty, busyAt, true, 0);
  assert.match(one.notReady ?? '', /^busy: 200 % of max_listeners, and another edge has room$/);
  assert.equal(other.notReady, null);
  become(other, { listeners: 1, bandwidth: 1.5 }, 1000);
  become(one, empty, 20_000);
  assert.deepEqual([one.busy, one.notReady], [false, null]);
  assert.match(other.notReady ?? '', /^busy: 150 % of max_bandwidth/);
  assert.match(edges.log, /warn +one: busy: new listeners should go to other edges.* used="200 % of max_listeners"\n/);
  assert.match(edges.log, /info +one: not busy any more/);
  one.close();
  other.close();
});

for (const { name, pool, open } of [
  { name: 'of another pool', pool: 'elsewhere', open: true },
  { name: 'that takes no listeners', pool: 'here', open: false },
]) {
  test(`room: an edge ${name} is no place for listeners`, () => {
    const edges = new Edges();
    const [one, other] = [edges.room('one', 'here'), edges.room('other', pool)];
    become(one, full, 0);
    other.tick(empty, busyAt, open, 0);
    assert.deepEqual([one.busy, one.notReady], [true, null]);
    one.close();
  });
}

test('room: two edges that are both busy send nobody away, however often they look', () => {
  const edges = new Edges();
  const rooms = [edges.room('one'), edges.room('other')];
  for (let second = 0; second < 20; second++) {
    for (const room of rooms) room.tick(full, busyAt, true, second * 1000);
    assert.deepEqual(rooms.map(({ busy, notReady }) => [busy, notReady]), rooms.map(() => [second * 1000 >= busyAfterMillis, null]));
  }
  for (const room of rooms) room.close();
});
