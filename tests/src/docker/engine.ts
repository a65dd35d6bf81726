import { spawn, spawnSync } from 'node:child_process';
import { checkout } from '../support/checkout.ts';

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  /** Standard output alone. */
  readonly output: string;
  /** Standard output and standard error as they came. */
  readonly said: string;
}

/** Runs a command in the checkout to its end. */
export function run(argv: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const [program = '', ...rest] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, { cwd: checkout, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
    let output = '';
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      said += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output, said }));
  });
}

/** Runs a command that has to succeed, and gives its output without the white space around it. */
export async function must(argv: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const { code, output, said } = await run(argv, environment);
  if (code !== 0) throw new Error(`${argv.join(' ')} exited with ${code}:\n${said.slice(-5000)}`);
  return output.trim();
}

/** `docker-compose`, or `docker compose` where that is what there is; null without either. */
export const composeCommand: readonly string[] | null =
  [['docker-compose'], ['docker', 'compose']].find(([program = '', ...words]) => spawnSync(program, [...words, 'version']).status === 0) ?? null;

/** Why nothing can be tried in containers here, for a test's `skip`; false when it can. */
export const noEngine: string | false = whyNoEngine();

function whyNoEngine(): string | false {
  const { error, status, stderr } = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { encoding: 'utf8', timeout: 10_000 });
  if (error !== undefined && 'code' in error && error.code === 'ENOENT') return 'docker is not installed';
  if (status !== 0) return `no Docker engine answers: ${stderr.trim().split('\n').at(-1) ?? ''}`;
  return composeCommand === null ? 'neither docker-compose nor docker compose is installed' : false;
}

/** Builds one target of docker/Dockerfile under a name. */
export async function buildImage(target: string, tag: string): Promise<void> {
  await must(['docker', 'build', '--quiet', '-f', 'docker/Dockerfile', '--target', target, '-t', tag, '.']);
}
