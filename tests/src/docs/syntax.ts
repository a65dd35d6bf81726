import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { composeCommand } from '../docker/engine.ts';
import { checkout } from '../support/checkout.ts';

type Tree = Readonly<Record<string, unknown>>;

/** By a command's program: what holds of a command that is right, short of running it. */
export const syntax: Readonly<Record<string, (words: readonly string[]) => void>> = {
  'docker-compose': (words) => {
    const files = valuesOf(words, '-f');
    const [verb, ...options] = words.filter((word) => word !== '-f' && !files.includes(word));
    assert.equal(verb, 'up');
    const services = files.flatMap((file) => Object.keys((readYaml(file)['services'] ?? {}) as Tree));
    for (const scaled of valuesOf(options, '--scale')) assert.ok(services.includes(scaled.split('=')[0] ?? ''), scaled);
    assert.deepEqual(options.filter((word) => word.startsWith('-') && !['-d', '--build', '--scale'].includes(word)), []);
    if (composeCommand === null) return;
    const [program = '', ...rest] = composeCommand;
    const { status, stderr } = spawnSync(program, [...rest, ...files.flatMap((file) => ['-f', file]), 'config', '--quiet'], { cwd: checkout, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  },
  // What `--set` makes of the chart's values is what its schema allows.
  helm: (words) => {
    const [, release, chart = ''] = words.filter((word) => word !== '--install');
    assert.match(words.join(' '), /^(install|upgrade --install) /);
    assert.equal(release, 'weir');
    const values = readYaml(`${chart}/values.yaml`);
    for (const setting of valuesOf(words, '--set')) set(values, setting);
    for (const setting of valuesOf(words, '--set-file')) set(values, setting);
    const check = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(join(checkout, chart, 'values.schema.json'), 'utf8')) as object);
    assert.ok(check(values), JSON.stringify(check.errors));
  },
  kubectl: (words) => assert.match(words.join(' '), /^(rollout status deployment\/weir-(edge|ingest|control)|create secret generic weir-\w+( --from-file=\w+)+)$/),
};

/** The words after each occurrence of an option. */
function valuesOf(words: readonly string[], option: string): readonly string[] {
  return words.flatMap((word, index) => (word === option ? (words[index + 1] ?? '') : []));
}

function readYaml(path: string): Record<string, unknown> {
  assert.ok(existsSync(join(checkout, path)), path);
  return parse(readFileSync(join(checkout, path), 'utf8'), { merge: true }) as Record<string, unknown>;
}

/** `a.b=value`, where the chart has a value for it already. */
function set(values: Record<string, unknown>, setting: string): void {
  const [path = '', text = ''] = setting.split('=');
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce<Record<string, unknown> | undefined>((tree, key) => tree?.[key] as Record<string, unknown> | undefined, values);
  assert.ok(parent !== undefined && last in parent, `${path} is no value of the chart`);
  parent[last] = text.endsWith('.yml') ? text : (parse(text) as unknown);
}
