import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { MemoryBus } from '@weir/bus';
import { tokenFrom } from './admin.ts';
import { differenceOf } from './difference.ts';
import { publishConfiguration, watchConfiguration } from './distribution.ts';
import { loadConfiguration, parseConfiguration } from './load.ts';
import { problemLines, resolved } from './problem-lines.ts';
import { renderConfiguration } from './render.ts';

const token = 'correct-horse-battery';
const hash = createHash('sha256').update(token).digest('base64');
const withAdmin = (admin: string): string => `admin: ${admin}\nstreams: { a: { command: cat } }`;

function inFolder(run: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'weir-admin-'));
  try {
    writeFileSync(join(folder, 'token'), `${token}\n`);
    run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('admin: nobody may by default', () => assert.deepEqual(resolved(withAdmin('')).admin, { tokenHash: null }));

test('admin: a token comes from the file, the environment or another file', () => {
  inFolder((folder) => {
    for (const admin of [`{ token: ${token} }`, '{ token: "${TOKEN}" }', '{ token_file: token }']) {
      writeFileSync(join(folder, 'weir.yml'), withAdmin(admin));
      assert.deepEqual(loadConfiguration([join(folder, 'weir.yml')], { TOKEN: token }).configuration.admin, { tokenHash: hash }, admin);
    }
    assert.equal(tokenFrom({ WEIR_ADMIN_TOKEN_FILE: join(folder, 'token') }), token);
  });
  assert.equal(tokenFrom({ WEIR_ADMIN_TOKEN: token }), token);
  assert.equal(tokenFrom({}), null);
});

const form = 'expected a token of 8 to 1024 characters from "!" to "~": make one with `openssl rand -hex 24`';
const refused: readonly (readonly [admin: string, line: string])[] = [
  ['{}', '1:1 admin: needs token or token_file'],
  ['{ token: short }', `1:1 admin: ${form}`],
  ['{ token: "with a blank" }', `1:1 admin: ${form}`],
  [`{ token: ${token}, token_file: x }`, '1:52 admin.token_file: the token is already at weir.yml:1:10'],
  ['{ token_file: nowhere }', '1:22 admin.token_file: "nowhere": there is no such file'],
  ['{ tokn: x }', '1:10 admin.tokn: unknown key; did you mean "token"?'],
];
for (const [admin, line] of refused) {
  test(`admin: refuses ${admin}`, () => assert.deepEqual(problemLines(withAdmin(admin)), [`weir.yml:${line}`]));
}

test('admin: a token of the environment that is none is refused, without its letters', () => {
  assert.throws(() => tokenFrom({ WEIR_ADMIN_TOKEN: 'pss' }), (error) => error instanceof RangeError && error.message.startsWith('WEIR_ADMIN_TOKEN: expected') && !error.message.includes('pss'));
  assert.throws(() => tokenFrom({ WEIR_ADMIN_TOKEN_FILE: '/nowhere/token' }), /WEIR_ADMIN_TOKEN_FILE "\/nowhere\/token": there is no such file/);
});

test('admin: the token is masked where the configuration is written out, which can be loaded', () => {
  const text = renderConfiguration(resolved(withAdmin(`{ token: ${token} }`)));
  assert.doesNotMatch(text, new RegExp(`${token}|${hash.slice(0, 12)}`));
  assert.notEqual(parseConfiguration(text, 'again.yml', {}).configuration.admin.tokenHash, null);
});

test('admin: another token is a difference', () => {
  const [none, one] = [resolved(withAdmin('')), resolved(withAdmin(`{ token: ${token} }`))];
  assert.deepEqual([differenceOf(none, one).admin, differenceOf(one, one).admin], [true, false]);
});

test('admin: what is published has no trace of the token', async () => {
  const bucket = await new MemoryBus(assert.fail).bucket('config', { ttlMillis: 0 });
  await publishConfiguration(bucket, resolved(withAdmin(`{ token: ${token} }`)), null);
  const told = await new Promise((resolve) => watchConfiguration(bucket, null, (configuration) => resolve(configuration?.admin)));
  assert.deepEqual(told, { tokenHash: null });
});
