import { readFileSync, readdirSync } from 'node:fs';

/** Clock ticks a second, the unit of CPU times in /proc on Linux. */
const ticksPerSecond = 100;

/** The processes that a process has started and that are still there, ended ones that nobody has waited for included. */
export function childrenOf(pid: number): readonly number[] {
  return orElse([], () =>
    readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      orElse([], () =>
        readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
          .split(' ')
          .filter((word) => word !== '')
          .map(Number),
      ),
    ),
  );
}

/** Children, their children and so on. */
export function descendantsOf(pid: number): readonly number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}

/** True of a worker of an edge. What a process is named before it runs a command of its own is no help: it is called as its parent. */
export function isWorker(pid: number): boolean {
  return orElse('', () => readFileSync(`/proc/${pid}/environ`, 'latin1')).includes('\0WEIR_WORKER=');
}

export function descriptorsOf(pid: number): number {
  return orElse<readonly string[]>([], () => readdirSync(`/proc/${pid}/fd`)).length;
}

/** Bytes. */
export function residentOf(pid: number): number {
  const [, kibibytes = '0'] = /^VmRSS:\s*(\d+) kB$/m.exec(orElse('', () => readFileSync(`/proc/${pid}/status`, 'utf8'))) ?? [];
  return Number(kibibytes) * 1024;
}

/** CPU seconds of a process, of those it has waited for, and of those it still runs. */
export function cpuSecondsOf(pid: number): number {
  const stat = orElse('', () => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // proc(5): after the name in parentheses come state (3) to utime (14), stime (15), cutime (16) and cstime (17).
  const own = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 15).map(Number);
  return own.reduce((sum, ticks) => sum + ticks, 0) / ticksPerSecond + childrenOf(pid).reduce((sum, child) => sum + cpuSecondsOf(child), 0);
}

/** A process may end while it is looked at. */
function orElse<T>(otherwise: T, look: () => T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
