import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { checkout } from '../support/checkout.ts';
import { fixtures, readFixture } from './fixtures.ts';

const sums = new Map(
  readFileSync(join(checkout, 'tests/fixtures/SHA256SUMS'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => [line.slice(66), line.slice(0, 64)]),
);

test('fixtures: every file that the recipes make has a row in the table', () => {
  assert.deepEqual([...sums.keys()].sort(), fixtures.map(({ path }) => path).sort());
});

test('fixtures: each is the file that the recipes made', () => {
  for (const fixture of fixtures) assert.equal(createHash('sha256').update(readFixture(fixture)).digest('hex'), sums.get(fixture.path), fixture.path);
});
