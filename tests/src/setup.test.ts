import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { checkout } from './support/checkout.ts';
import { eventually } from './support/eventually.ts';

// A checkout in miniature: the real setup, npm and compiler, one package of its own and one from a tarball.

const scratch = mkdtempSync(join(tmpdir(), 'weir-setup-'));
const fresh = join(scratch, 'fresh');
const ready = join(scratch, 'ready');
let copies = 0;

before(async () => {
  chmodSync(scratch, 0o755);
  writeTree(join(scratch, 'tiny'), { 'package.json': JSON.stringify({ name: 'tiny', version: '1.2.3' }) });
  execFileSync('npm', ['pack', join(scratch, 'tiny')], { cwd: scratch, stdio: 'ignore' });
  writeTree(fresh, {
    'package.json': JSON.stringify({
      name: 'miniature',
      version: '1.0.0',
      type: 'module',
      engines: { node: '>=20.19' },
      workspaces: ['packages/*'],
      devDependencies: { tiny: 'file:tiny-1.2.3.tgz', typescript: 'file:typescript' },
    }),
    'tsconfig.json': JSON.stringify({ compilerOptions: { composite: true, types: [] }, files: [], references: [{ path: 'packages/a' }] }),
    'packages/a/package.json': JSON.stringify({ name: 'a', version: '1.0.0', bin: { 'a-command': 'command.js' } }),
    'packages/a/command.js': '',
    'packages/a/tsconfig.json': JSON.stringify({ extends: '../../tsconfig.json', compilerOptions: { rootDir: 'src', outDir: 'dist' }, include: ['src'] }),
    'packages/a/src/index.ts': "export const answer: string = 'yes';\n",
    'typescript/package.json': JSON.stringify({ name: 'typescript', version: '1.0.0', type: 'module' }),
    'typescript/bin/tsc': `import ${JSON.stringify(join(checkout, 'node_modules/typescript/lib/tsc.js'))};\n`,
  });
  cpSync(join(scratch, 'tiny-1.2.3.tgz'), join(fresh, 'tiny-1.2.3.tgz'));
  cpSync(join(checkout, 'deploy/setup'), join(fresh, 'deploy/setup'), { recursive: true });
  execFileSync('npm', ['install', '--package-lock-only', '--offline'], { cwd: fresh, stdio: 'ignore' });
  cpSync(fresh, ready, { recursive: true });
  assert.equal((await setUp(ready)).code, 0);
});

after(() => rmSync(scratch, { recursive: true }));

function writeTree(root: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** A tree of its own for one test. Links stay relative, as npm made them. */
function copyOf(tree: string): string {
  const copy = join(scratch, String(copies++));
  cpSync(tree, copy, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  return copy;
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function start(root: string, options: { path?: string; uid?: number } = {}): ChildProcess {
  // Without npm's own variables of the `npm test` around this.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('npm_')));
  return spawn(process.execPath, ['deploy/setup/setup.mjs', 'run'], {
    cwd: root,
    env: { ...env, PATH: options.path ?? env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
}

async function setUp(root: string, options: { path?: string; uid?: number; onOutput?: (text: string) => void } = {}): Promise<Ended> {
  const child = start(root, options);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (bytes) => {
      output += bytes;
      options.onOutput?.(output);
    });
  }
  return { code: await new Promise((resolve) => child.once('close', resolve)), output };
}

/** The process id of the step that the setup of this tree has running: its lock names both. */
function runningStep(root: string): number | undefined {
  const lock = join(root, '.setup/lock');
  return existsSync(lock) ? (JSON.parse(readFileSync(lock, 'utf8')) as { pid: number }[])[1]?.pid : undefined;
}

function assertReady(root: string): void {
  assert.deepEqual(JSON.parse(readFileSync(join(root, 'node_modules/tiny/package.json'), 'utf8')), { name: 'tiny', version: '1.2.3' });
  assert.equal(realpathSync(join(root, 'node_modules/.bin/a-command')), realpathSync(join(root, 'packages/a/command.js')));
  assert.match(readFileSync(join(root, 'packages/a/dist/index.js'), 'utf8'), /yes/);
  assert.deepEqual(readdirSync(join(root, '.setup')).sort(), ['npm.log', 'packages'], 'nothing but the record of a finished setup');
}

test('setup: says nothing when all is there', async () => {
  assert.deepEqual(await setUp(copyOf(ready)), { code: 0, output: '' });
});

const installs = /installing npm packages/;
const damages: readonly { name: string; damage: (root: string) => void; installs: boolean }[] = [
  { name: 'a package is gone', damage: (root) => rmSync(join(root, 'node_modules/tiny'), { recursive: true }), installs: true },
  { name: 'a package was cut short', damage: (root) => writeFileSync(join(root, 'node_modules/tiny/package.json'), '{"name":'), installs: true },
  { name: 'a workspace is not linked', damage: (root) => rmSync(join(root, 'node_modules/a')), installs: true },
  { name: 'a command is not linked', damage: (root) => rmSync(join(root, 'node_modules/.bin/a-command')), installs: true },
  { name: 'npm was not finished', damage: (root) => rmSync(join(root, '.setup/packages')), installs: true },
  { name: 'package-lock.json has changed', damage: (root) => writeFileSync(join(root, 'package-lock.json'), `${readFileSync(join(root, 'package-lock.json'), 'utf8')}\n`), installs: true },
  { name: 'the build is gone', damage: (root) => rmSync(join(root, 'packages/a/dist'), { recursive: true }), installs: false },
  { name: 'an output was cut short', damage: (root) => writeFileSync(join(root, 'packages/a/dist/index.js'), ''), installs: false },
  {
    name: 'the compiler was killed',
    damage: (root) => writeTree(root, { '.setup/building': '', 'packages/a/dist/index.js': 'export const ans' }),
    installs: false,
  },
  { name: 'a source has changed', damage: (root) => writeTree(root, { 'packages/a/src/index.ts': "export const answer: string = 'yes, yes';\n" }), installs: false },
  { name: 'a setup that is gone has left its lock', damage: (root) => writeTree(root, { '.setup/lock': JSON.stringify([{ pid: process.pid, started: '1' }]) }), installs: false },
  { name: 'a lock cannot be read', damage: (root) => writeTree(root, { '.setup/lock': '' }), installs: false },
];
for (const { name, damage, installs: expected } of damages) {
  test(`setup: repairs what it finds when ${name}`, async () => {
    const root = copyOf(ready);
    damage(root);
    const { code, output } = await setUp(root);
    assert.equal(code, 0, output);
    assert.equal(installs.test(output), expected, output);
    assertReady(root);
  });
}

test('setup: does it all again when it was killed while npm ran', async () => {
  const root = copyOf(fresh);
  const first = start(root);
  await eventually('npm runs', () => runningStep(root));
  process.kill(-first.pid!, 'SIGKILL');
  const { code, output } = await setUp(root);
  assert.equal(code, 0, output);
  assert.match(output, installs);
  assertReady(root);
});

test('setup: waits for the npm that a killed setup has left running', async () => {
  const root = copyOf(fresh);
  const first = start(root);
  const npm = await eventually('npm runs', () => runningStep(root));
  process.kill(npm, 'SIGSTOP');
  process.kill(first.pid!, 'SIGKILL');
  const waits = /waiting for another setup of this checkout \(process \d+\) to end/;
  let waited = false;
  const goOn = (text: string): void => {
    if (waited || !waits.test(text)) return;
    waited = true;
    process.kill(npm, 'SIGCONT');
  };
  const { code, output } = await setUp(root, { onOutput: goOn });
  assert.equal(code, 0, output);
  assert.ok(waited, output);
  assertReady(root);
});

test('setup: two at once install once', async () => {
  const root = copyOf(fresh);
  const both = await Promise.all([setUp(root), setUp(root)]);
  assert.deepEqual(both.map(({ code }) => code), [0, 0]);
  assert.equal(both.filter(({ output }) => installs.test(output)).length, 1);
  assertReady(root);
});

test('setup: shows what the compiler says, and starts over when it is put right', async () => {
  const root = copyOf(ready);
  writeTree(root, { 'packages/a/src/index.ts': 'export const answer: string = 42;\n' });
  const { code, output } = await setUp(root);
  assert.equal(code, 1);
  assert.match(output, /packages\/a\/src\/index\.ts.*TS2322.*\n.*do not compile/);
  writeTree(root, { 'packages/a/src/index.ts': "export const answer: string = 'yes';\n" });
  assert.equal((await setUp(root)).code, 0);
  assertReady(root);
});

test('setup: names the Node it needs', async () => {
  const root = copyOf(ready);
  writeTree(root, { 'package.json': readFileSync(join(root, 'package.json'), 'utf8').replace('>=20.19', '>=99.1') });
  const { code, output } = await setUp(root);
  assert.equal(code, 1);
  assert.match(output, /^weir setup: weir needs Node 99\.1 or newer; .* is \d+\.\d+\.\d+\. Install a newer Node/);
});

/** Some systems keep all programs in one folder, which a PATH cannot then hide. */
const mergedFolders = existsSync('/usr/sbin/env') ? 'programs of /usr/bin are in /usr/sbin as well here' : false;
const nobody = 65534;

/** A folder for PATH with node and nothing else but these programs: names of empty ones, or scripts. */
function pathOf(programs: Record<string, string>): string {
  const folder = join(scratch, `path-${copies++}`);
  mkdirSync(folder);
  symlinkSync(process.execPath, join(folder, 'node'));
  for (const [name, script] of Object.entries(programs)) writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return folder;
}

const managers: readonly { manager: string; command: RegExp }[] = [
  { manager: 'apt-get', command: /\n {2}sudo apt-get update && sudo apt-get install --no-install-recommends ffmpeg fonts-dejavu-core$/ },
  { manager: 'dnf', command: /\n {2}sudo dnf install ffmpeg dejavu-sans-fonts\n.*RPM Fusion/ },
  { manager: 'pacman', command: /\n {2}sudo pacman -S --needed ffmpeg ttf-dejavu$/ },
  { manager: 'apk', command: /\n {2}sudo apk add ffmpeg font-dejavu$/ },
  { manager: 'brew', command: /\n {2}brew install ffmpeg-full\n/ },
  { manager: 'none', command: /Install them with the package manager of this system/ },
];
for (const { manager, command } of managers) {
  test(`setup: names the command to type when ffmpeg is missing: ${manager}`, { skip: mergedFolders }, async () => {
    const root = copyOf(fresh);
    const options = process.getuid?.() === 0 ? { uid: nobody } : {};
    if (options.uid !== undefined) chownSync(root, nobody, nobody);
    const { code, output } = await setUp(root, { ...options, path: pathOf(manager === 'none' ? {} : { [manager]: 'exit 9' }) });
    assert.equal(code, 1, output);
    assert.match(output.trimEnd(), /programs are missing:\n {2}ffmpeg \(.*\): not found\n/);
    assert.match(output.trimEnd(), command);
  });
}

test('setup: says what an ffmpeg cannot do', { skip: mergedFolders }, async () => {
  const ffmpeg = `echo "[AVFilterGraph @ 0x1] No such filter: 'drawtext'" >&2; exit 1`;
  const { code, output } = await setUp(copyOf(fresh), { path: pathOf({ ffmpeg, dnf: '' }) });
  assert.equal(code, 1);
  assert.match(output, /ffmpeg \(.*\): \[AVFilterGraph.*No such filter: 'drawtext'\n/);
});

test('setup: installs with apt-get as root, and repairs one that was killed', { skip: mergedFolders }, async () => {
  // Each script notes how it was called; ffmpeg is there once the second install has "worked".
  const note = (name: string): string => `echo "${name} $*" >> calls`;
  const path = pathOf({
    env: 'shift; exec "$@"',
    sudo: '[ "$1" = -n ] && shift; exec "$@"',
    dpkg: note('dpkg'),
    'apt-get': `${note('apt-get')}; case "$*" in *install*ffmpeg*) [ -e tried ] || { : > tried; exit 100; }; printf '#!/bin/sh\\n' > "$PATH/ffmpeg"; /bin/chmod +x "$PATH/ffmpeg";; esac`,
  });
  const root = copyOf(ready);
  const { code, output } = await setUp(root, { path });
  assert.equal(code, 0, output);
  assert.match(output, /^weir setup: installing ffmpeg with apt-get \(about a minute\)\.\.\.\nweir setup: everything is there\n$/);
  const calls = readFileSync(join(root, 'calls'), 'utf8').trimEnd().split('\n').map((call) => call.replace('--yes --option DPkg::Lock::Timeout=300 ', ''));
  assert.deepEqual(calls, [
    'apt-get install --no-install-recommends --no-remove ffmpeg fonts-dejavu-core',
    'dpkg --configure -a',
    'apt-get update',
    'apt-get install --no-install-recommends --no-remove --fix-broken',
    'apt-get install --no-install-recommends --no-remove ffmpeg fonts-dejavu-core',
  ]);
});
