import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'node:test';
import { checkout } from '../support/checkout.ts';

test('lint: oxlint has nothing to say', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(checkout, 'node_modules/oxlint/bin/oxlint'), '--type-aware'], { cwd: checkout, encoding: 'utf8' });
  assert.equal(status, 0, `\n${stdout}${stderr}`);
});
