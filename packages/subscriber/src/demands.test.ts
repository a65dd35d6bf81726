import assert from 'node:assert/strict';
import test from 'node:test';
import { MemoryBus } from '@weir/bus';
import { decodeDemand, Subjects } from '@weir/wire';
import { Demands } from './demands.ts';

function heard(): { demands: Demands; listeners: number[] } {
  const bus = new MemoryBus((error) => assert.fail(String(error)));
  const subjects = new Subjects();
  const listeners: number[] = [];
  bus.control.subscribe(subjects.demand('s'), (payload) => void listeners.push(decodeDemand(payload)?.listeners ?? -1));
  return { demands: new Demands('e', bus, subjects), listeners };
}

test('demands: who wants a stream for a moment is told when it begins and when it is over', () => {
  const { demands, listeners } = heard();
  const [one, two] = [demands.hold('s'), demands.hold('s')];
  one();
  assert.deepEqual(listeners, [1]);
  two();
  assert.deepEqual(listeners, [1, 0]);
});

test('demands: a stream is wanted until the last listener has left and the last hold is over', () => {
  const { demands, listeners } = heard();
  const release = demands.hold('s');
  demands.say('s', 1);
  demands.say('s', 0);
  assert.equal(listeners.at(-1), 1);
  release();
  assert.equal(listeners.at(-1), 0);
});

test('demands: a hold beside listeners is no news', () => {
  const { demands, listeners } = heard();
  demands.say('s', 1);
  demands.hold('s')();
  assert.deepEqual(listeners, [1]);
});
