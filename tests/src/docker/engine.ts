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

/** Runs a command in the checkout to its end, with `input` on its standard input. */
export function run(argv: readonly string[], environment: Readonly<Record<string, string>> = {}, input = ''): Promise<Ended> {
  const [program = '', ...rest] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, { cwd: checkout, stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
    let output = '';
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      said += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output, said }));
    // It may end before it has read anything.
    child.stdin.once('error', () => {});
    child.stdin.end(input);
  });
}

/** Runs a command that has to succeed, and gives its output without the white space around it. */
export async function must(argv: readonly string[], environment: Readonly<Record<string, string>> = {}, input = ''): Promise<string> {
  const { code, output, said } = await run(argv, environment, input);
  if (code !== 0) throw new Error(`${argv.join(' ')} exited with ${code}:\n${said.slice(-5000)}`);
  return output.trim();
}

/** `docker-compose`, or `docker compose` where that is what there is; null without either. */
export const composeCommand: readonly string[] | null =
  [['docker-compose'], ['docker', 'compose']].find(([program = '', ...words]) => spawnSync(program, [...words, 'version']).status === 0) ?? null;

/** What docker/Dockerfile is built on. */
export const baseImage = 'node:24-bookworm-slim';

/** What has to be on the engine or in its registry. */
const publicImages: readonly string[] = [baseImage, 'nats:2-alpine'];

/** Why nothing can be tried in containers here, for a test's `skip`; false when it can. */
export const noEngine: string | false = whyNoEngine();

function whyNoEngine(): string | false {
  const { error, status, stderr } = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { encoding: 'utf8', timeout: 10_000 });
  if (error !== undefined && 'code' in error && error.code === 'ENOENT') return 'docker is not installed';
  if (status !== 0) return `no Docker engine answers: ${lastLine(stderr)}`;
  if (composeCommand === null) return 'neither docker-compose nor docker compose is installed';
  return publicImages.map(whyNoImage).find((reason) => reason !== false) ?? false;
}

/** An image that its registry does not know is a mistake of ours, for the tests to find. */
function whyNoImage(image: string): string | false {
  if (spawnSync('docker', ['image', 'inspect', image]).status === 0) return false;
  const { status, stderr } = spawnSync('docker', ['pull', '--quiet', image], { encoding: 'utf8', timeout: 300_000 });
  return status === 0 || /manifest|does not exist/.test(stderr) ? false : `the Docker engine has no ${image} and cannot pull it: ${lastLine(stderr)}`;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
