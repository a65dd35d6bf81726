import assert from 'node:assert/strict';
import test from 'node:test';
import { DemandTable } from './demand-table.ts';
import { demandingEdgesMax, demandMillis } from './limits.ts';

test('demand: stands until the last edge says that nobody listens', () => {
  const table = new DemandTable();
  table.hear('a', 1, 0);
  table.hear('b', 5, 0);
  table.hear('a', 0, 10);
  assert.equal(table.wanted, true);
  table.hear('b', 0, 20);
  assert.equal(table.wanted, false);
});

test('demand: of more edges than there can be is not remembered', () => {
  const table = new DemandTable();
  for (let edge = 0; edge <= demandingEdgesMax; edge++) table.hear(`edge-${edge}`, 1, 0);
  for (let edge = 0; edge < demandingEdgesMax; edge++) table.hear(`edge-${edge}`, 0, 1);
  assert.equal(table.wanted, false);
});

test('demand: of an edge that fell silent is forgotten, of one that repeats it is kept', () => {
  const table = new DemandTable();
  table.hear('gone', 1, 0);
  table.hear('there', 1, 0);
  table.hear('there', 1, demandMillis);
  table.expire(demandMillis + 1);
  assert.equal(table.wanted, true);
  table.expire(2 * demandMillis + 1);
  assert.equal(table.wanted, false);
});
