import { statSync } from 'node:fs';
import { resolve } from 'node:path';

/** Why a program could not be started. */
export interface SpawnFailure {
  /** The system's name for the error, such as `ENOENT`. */
  readonly error: string;
  /** One sentence: what, and what to do about it. */
  readonly message: string;
}

/** Turns the error of a failed spawn into one that says what to do. Looks at the file system to tell the causes of ENOENT apart. */
export function explainSpawnFailure(cause: unknown, file: string, cwd?: string): SpawnFailure {
  const { code, message } = cause as NodeJS.ErrnoException;
  const error = code ?? 'UNKNOWN';
  return { error, message: `${file === '' ? 'empty command' : file}: ${advice(error, file, cwd) ?? message ?? String(cause)}` };
}

function advice(error: string, file: string, cwd: string | undefined): string | null {
  const isPath = file.includes('/');
  switch (error) {
    case 'ENOENT':
      if (cwd !== undefined && kindOf(cwd) !== 'directory') return `working directory ${cwd} does not exist: create it or correct its path`;
      if (!isPath) return 'not found in PATH: install it or give its full path';
      if (kindOf(resolve(cwd ?? '.', file)) !== null) return 'the interpreter named in its first line does not exist: install it or correct that line';
      return 'no such file: correct its path';
    case 'EACCES':
      if (kindOf(resolve(cwd ?? '.', file)) === 'directory') return 'is a directory: give the path of a program';
      return 'may not be executed: check its permissions (chmod +x) and those of its directories';
    case 'EAGAIN':
      return 'no more processes may be started: raise the limit (ulimit -u, or pids of the container)';
    case 'EMFILE':
    case 'ENFILE':
      return 'too many open files: raise the limit (ulimit -n)';
    case 'ENOMEM':
      return 'not enough memory to start it';
    case 'E2BIG':
      return 'its arguments and environment are too long';
    default:
      return null;
  }
}

function kindOf(path: string): 'directory' | 'other' | null {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? null : stats.isDirectory() ? 'directory' : 'other';
}
