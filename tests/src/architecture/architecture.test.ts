import assert from 'node:assert/strict';
import test from 'node:test';
import { checkout } from '../support/checkout.ts';
import type { Rule } from './rule.ts';
import { docblocks, enumeratedExports } from './rules/exports.ts';
import { fileLength, fileNames, noCycles } from './rules/files.ts';
import { importLayers } from './rules/import-layers.ts';
import { lockFile } from './rules/lock-file.ts';
import { dependencies, references } from './rules/manifests.ts';
import { thirdPartyOwners } from './rules/owners.ts';
import { purity } from './rules/purity.ts';
import { readme } from './rules/readme.ts';
import { readTree, treeOf } from './tree.ts';

const rules: readonly Rule[] = [
  importLayers,
  thirdPartyOwners,
  purity,
  fileNames,
  fileLength,
  noCycles,
  enumeratedExports,
  docblocks,
  dependencies,
  references,
  lockFile,
  readme,
];
const repository = readTree(checkout);

test('architecture: the repository is read', () => {
  assert.ok(repository.workspaces.length > 10 && repository.workspaces.every(({ sources }) => sources.length > 0));
});

for (const rule of rules) {
  test(`architecture: ${rule.name}`, () => {
    const violations = rule.check(repository);
    assert.ok(violations.length === 0, `\n${violations.join('\n')}\n`);
  });
  for (const { name, files, says } of rule.broken) {
    test(`architecture: ${rule.name}: notices ${name}`, () => {
      const violations = rule.check(treeOf(new Map(Object.entries(files))));
      assert.ok(violations.some((line) => says.test(line)), `expected ${says}, got\n${violations.join('\n')}\n`);
    });
  }
}
