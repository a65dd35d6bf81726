import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, say } from './say.mjs';

/** Of a long log: the cause tends to stand in the first lines of npm, and in the last ones of apt-get. */
const shownLines = { first: 20, last: 30 };

/**
 * Runs a slow command: one line says so, its output goes to `.setup/<name>.log` and is shown only when it fails.
 * Resolves with whether it succeeded; `advice` undefined means that the caller has another way and shows nothing.
 */
export async function runStep({ root, lock, name, line, argv, env = {}, advice }) {
  if (line !== undefined) say(line);
  const log = join(root, '.setup', `${name}.log`);
  const output = openSync(log, 'w');
  const code = await exitCode(argv, { cwd: root, lock, env, stdio: ['ignore', output, output] });
  closeSync(output);
  if (code === 0) return true;
  if (advice === undefined) return false;
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  const hidden = Math.max(0, lines.length - shownLines.first - shownLines.last);
  if (hidden > 0) lines.splice(shownLines.first, hidden, `[${hidden} more lines]`);
  process.stderr.write(`${lines.join('\n')}\n`);
  throw new SetupError(`"${argv.join(' ')}" failed with ${code}; all it wrote is in ${log}. ${advice}`);
}

/** The exit code of a command, or the name of the signal or error that ended it. The lock holds until it has ended. */
export function exitCode(argv, { cwd, lock, env = {}, stdio, onOutput }) {
  return new Promise((resolve) => {
    const child = spawn(argv[0], argv.slice(1), { cwd, env: { ...process.env, ...env }, stdio });
    if (child.pid !== undefined) lock?.holdFor(child.pid);
    if (onOutput !== undefined) child.stdout.on('data', onOutput);
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code ?? signal));
    // A terminal interrupts both at once; anyone else tells only this process.
    const forward = (signal) => child.kill(signal);
    process.once('SIGTERM', forward);
    child.once('close', () => process.off('SIGTERM', forward));
  });
}
