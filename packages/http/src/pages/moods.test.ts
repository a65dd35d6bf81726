import assert from 'node:assert/strict';
import test from 'node:test';
import { countMoods } from './moods.ts';

test('moods: are counted in the order of the legend', () => {
  assert.equal(countMoods(['sad', 'happy', 'sleeping', 'happy']), '1 sleeping, 2 happy, 1 sad');
});

test('moods: none are nothing', () => {
  assert.equal(countMoods([]), '');
});
