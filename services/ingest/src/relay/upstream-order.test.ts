import assert from 'node:assert/strict';
import test from 'node:test';
import { relayReturnMillis } from '../limits.ts';
import { UpstreamOrder } from './upstream-order.ts';

type Step = { readonly is: 'failed' | 'rested' | 'first-back' | 'first-away'; readonly atMillis: number };

const later = relayReturnMillis;
const cases: readonly { name: string; count: number; steps: readonly Step[]; next: number }[] = [
  { name: 'the first', count: 3, steps: [], next: 0 },
  { name: 'the one after what failed', count: 3, steps: [{ is: 'failed', atMillis: 0 }], next: 1 },
  { name: 'the first after the last', count: 2, steps: [{ is: 'failed', atMillis: 0 }, { is: 'failed', atMillis: 1 }], next: 0 },
  { name: 'the only one again', count: 1, steps: [{ is: 'failed', atMillis: 0 }], next: 0 },
  { name: 'the same after a rest soon after the first failed', count: 2, steps: [{ is: 'failed', atMillis: 0 }, { is: 'rested', atMillis: 1 }], next: 1 },
  { name: 'the first after a long rest', count: 2, steps: [{ is: 'failed', atMillis: 0 }, { is: 'rested', atMillis: later }], next: 0 },
  { name: 'the first when it is back', count: 2, steps: [{ is: 'failed', atMillis: 0 }, { is: 'first-back', atMillis: 1 }], next: 0 },
  { name: 'another while the first is away', count: 2, steps: [{ is: 'failed', atMillis: 0 }, { is: 'first-away', atMillis: later - 1 }, { is: 'rested', atMillis: later }], next: 1 },
];
for (const { name, count, steps, next } of cases) {
  test(`upstream order: takes ${name}`, () => {
    const order = new UpstreamOrder(count);
    order.next(0);
    let nowMillis = 0;
    for (const { is, atMillis } of steps) {
      nowMillis = atMillis;
      if (is === 'failed') order.failed(nowMillis);
      else if (is === 'rested') order.rested();
      else order.firstLooked(is === 'first-back', nowMillis);
    }
    assert.equal(order.next(nowMillis), next);
  });
}
