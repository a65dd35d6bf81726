import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const passing = "import test from 'node:test'; test('passes', () => {});";
const failing = "import test from 'node:test'; test('fails', () => { throw new Error('no good'); });";
/** Leaves a process behind that is in a group of its own, as weir's encoders are. */
const careless = `
  import { spawn } from 'node:child_process';
  import { writeFileSync } from 'node:fs';
  import test from 'node:test';
  test('starts a process', () => {
    const child = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    writeFileSync('left.pid', String(child.pid));
    child.unref();
  });`;
const endless = `${careless} test('never ends', () => new Promise((resolve) => setTimeout(resolve, 600_000)));`;

interface Ended {
  readonly code: number | null;
  readonly output: string;
  /** The process that `careless` left; null when it did not run. */
  readonly leftRuns: boolean | null;
}

/** Runs the runner in a small tree of its own. Keys are files of tests: `a/b` is src/b.test.ts of workspace a. */
async function runTree(tree: Record<string, string>, options: { filters?: string[]; interrupt?: true; change?: (root: string) => void } = {}): Promise<Ended> {
  const root = mkdtempSync(join(tmpdir(), 'weir-runner-'));
  try {
    const put = (path: string, text: string): void => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    };
    put('package.json', JSON.stringify({ type: 'module', workspaces: ['packages/*', 'tests'] }));
    mkdirSync(join(root, 'packages'));
    cpSync(fileURLToPath(new URL('..', import.meta.url)), join(root, 'tests/dist'), {
      recursive: true,
      filter: (path) => !path.includes('.test.') && !/dist\/(?!run|runner|support)./.test(path),
    });
    for (const [path, text] of Object.entries(tree)) {
      const [, workspace, name] = /^(packages\/\w+|tests)\/(.+)$/.exec(path) ?? [];
      put(`${workspace}/src/${name}.test.ts`, '');
      put(`${workspace}/dist/${name}.test.js`, text);
    }
    options.change?.(root);
    return await runRunner(root, options.filters ?? [], options.interrupt === true);
  } finally {
    rmSync(root, { recursive: true });
  }
}

async function runRunner(root: string, filters: readonly string[], interrupt: boolean): Promise<Ended> {
  // A runner that finds itself inside a test runs nothing.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = spawn(process.execPath, ['tests/dist/run.js', ...filters], { cwd: root, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += bytes));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const pidFile = join(root, 'left.pid');
  if (interrupt) {
    while (!existsSync(pidFile)) await sleep(20);
    child.kill('SIGINT');
  }
  const code = await ended;
  return { code, output, leftRuns: existsSync(pidFile) ? isRunning(pidFile) : null };
}

/** A process that has ended but has not been waited for by its new parent shows no command. */
function isRunning(pidFile: string): boolean {
  const commandFile = `/proc/${readFileSync(pidFile, 'utf8')}/cmdline`;
  return existsSync(commandFile) && readFileSync(commandFile, 'utf8') !== '';
}

test('runner: passes when every test does, with one summary for all files', async () => {
  const { code, output } = await runTree({ 'packages/a/one': passing, 'packages/b/deep/two': passing, 'tests/e2e/three': passing });
  assert.equal(code, 0, output);
  assert.match(output, /tests 3\n(.*\n)*.*pass 3\n.*fail 0\n/);
  assert.equal(output.split('duration_ms').length, 2, output);
});

test('runner: fails when one test does, and names it at the end', async () => {
  const { code, output } = await runTree({ 'packages/a/one': failing, 'tests/e2e/three': passing });
  assert.equal(code, 1);
  assert.match(output, /fail 1\n(.*\n)*.*failing tests:\n(.*\n)*.*no good/);
});

test('runner: fails when a file cannot be loaded', async () => {
  const { code, output } = await runTree({ 'packages/a/one': "import 'nonsuch';", 'packages/a/two': passing });
  assert.equal(code, 1);
  assert.match(output, /pass 1\n.*fail 1\n/);
});

test('runner: runs only the files whose path has one of the words', async () => {
  const { code, output } = await runTree({ 'packages/a/one': failing, 'packages/b/two': passing, 'tests/e2e/three': passing }, { filters: ['packages/b', 'three.test.ts'] });
  assert.equal(code, 0, output);
  assert.match(output, /tests 2\n/);
});

test('runner: fails when no file has the word in its path', async () => {
  const { code, output } = await runTree({ 'packages/a/one': passing }, { filters: ['nonsuch'] });
  assert.equal(code, 1);
  assert.match(output, /no test has "nonsuch" in its path/);
});

test('runner: does not run what a deleted test has left in dist', async () => {
  const tree = { 'packages/a/one': passing, 'packages/a/gone': failing };
  const { code, output } = await runTree(tree, { change: (root) => rmSync(join(root, 'packages/a/src/gone.test.ts')) });
  assert.equal(code, 0, output);
  assert.match(output, /tests 1\n/);
});

test('runner: fails when a test has not been compiled', async () => {
  const tree = { 'packages/a/one': passing, 'packages/a/fresh': passing };
  const { code, output } = await runTree(tree, { change: (root) => rmSync(join(root, 'packages/a/dist/fresh.test.js')) });
  assert.equal(code, 1);
  assert.match(output, /packages\/a\/src\/fresh\.test\.ts has not been compiled: npm run build/);
});

const noProc = process.platform === 'linux' ? false : 'processes that are left behind are found by /proc';

test('runner: fails when a test leaves a process behind, and kills it', { skip: noProc }, async () => {
  const { code, output, leftRuns } = await runTree({ 'packages/a/one': careless });
  assert.equal(code, 1);
  assert.match(output, /pass 1\n/);
  assert.match(output, /has left process \d+ behind, now killed: sleep 600/);
  assert.equal(leftRuns, false);
});

test('runner: leaves nothing behind when it is interrupted', { skip: noProc }, async () => {
  const { code, output, leftRuns } = await runTree({ 'packages/a/one': endless }, { interrupt: true });
  assert.equal(code, 1);
  assert.match(output, /interrupted/);
  assert.equal(leftRuns, false);
});
