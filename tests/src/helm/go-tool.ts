import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../support/checkout.ts';

/** Where programs that were built from Go stay. */
const folder = join(checkout, '.setup/go');

/** Why the chart is not tested now, for a test's `skip`; false when it is. Building helm takes minutes, so that is asked for. */
export const noGo: string | false = reasonToSkip();

function reasonToSkip(): string | false {
  if (spawnSync('go', ['version']).status !== 0) return 'go is not installed, which would bring helm and kubeconform';
  if (existsSync(folder) || process.env['WEIR_TEST_HELM'] === '1') return false;
  return 'helm is not built yet: npm run test:helm builds it once';
}

/** A program by its module's path and version; built on first use, which takes minutes for a large one. */
export async function goProgram(path: string, version: string): Promise<string> {
  const name = path.split('/').at(-1) ?? path;
  const program = join(folder, `${name}@${version}`);
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  const fresh = mkdtempSync(join(folder, 'fresh-'));
  try {
    await go(['install', `${path}@${version}`], { GOBIN: fresh });
    renameSync(join(fresh, name), program);
  } finally {
    rmSync(fresh, { recursive: true });
  }
  return program;
}

/** The folder of a module's files, downloaded on first use. */
export async function goModule(path: string, version: string): Promise<string> {
  const { Dir } = JSON.parse(await go(['mod', 'download', '-json', `${path}@${version}`])) as { Dir: string };
  return Dir;
}

/** Runs go in a folder without a go.mod. */
function go(argv: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<string> {
  mkdirSync(folder, { recursive: true });
  return new Promise((resolve, reject) => {
    // At a low priority: it uses every core for minutes.
    const child = spawn('nice', ['go', ...argv], { cwd: folder, env: { ...process.env, ...environment } });
    let output = '';
    let complaints = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`go ${argv.join(' ')} exited with ${code}:\n${output}${complaints}`))));
  });
}
