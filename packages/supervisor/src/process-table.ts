import { readdirSync, readFileSync } from 'node:fs';

/**
 * The living members of a process group by Linux's process table; null where there is none to read. Ended members that
 * nobody has collected do not live.
 */
export function livingMembers(group: number): number[] | null {
  if (process.platform !== 'linux') return null;
  try {
    return readdirSync('/proc').map(Number).filter((pid) => pid > 0 && isLivingMember(pid, group));
  } catch {
    return null;
  }
}

/** True when the process is a member of the group and has not ended. */
export function isLivingMember(pid: number, group: number): boolean {
  try {
    // proc_pid_stat(5): pid (comm) state ppid pgrp; comm may contain anything.
    const [state = '', , pgrp] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ', 3);
    return Number(pgrp) === group && !'ZX'.includes(state);
  } catch {
    return false;
  }
}
