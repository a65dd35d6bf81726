import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that a test has started and not ended. */
export interface Leftover {
  readonly pid: number;
  readonly command: string;
}

const name = 'WEIR_TEST_RUN';
const pollMillis = 100;

/** Marks every process that is started from now on, by this one or by any of its descendants. */
export function markDescendants(): string {
  const mark = `${name}=${process.pid}.${Date.now()}`;
  process.env[name] = mark.slice(name.length + 1);
  return mark;
}

/**
 * Gives the marked processes `graceMillis` to end, then kills those that have not, and resolves with them once they are
 * gone. A process group is no help here: weir gives every command a group of its own. Without /proc none is found.
 */
export async function killLeftovers(mark: string, graceMillis: number): Promise<readonly Leftover[]> {
  const deadline = Date.now() + graceMillis;
  const killed = new Map<number, Leftover>();
  for (;;) {
    const left = findMarked(mark);
    if (left.length === 0) return [...killed.values()];
    if (Date.now() >= deadline) {
      for (const leftover of left) {
        killed.set(leftover.pid, leftover);
        killIfThere(leftover.pid);
      }
    }
    await sleep(pollMillis);
  }
}

/** The processes that have the mark, `NAME=value`, in their environment. */
export function findMarked(mark: string): readonly Leftover[] {
  return processIds().flatMap((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark)) return [];
      return [{ pid, command: readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim() }];
    } catch {
      return []; // another user's, or gone in the meantime
    }
  });
}

function processIds(): readonly number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').map(Number).filter(Number.isInteger);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
