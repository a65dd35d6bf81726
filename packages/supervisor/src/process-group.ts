import { isLivingMember, livingMembers } from './process-table.ts';

/** Groups that may have living members. What weir started does not outlive it. */
const living = new Set<ProcessGroup>();

function killAll(): void {
  for (const group of living) group.signal('SIGKILL');
}

/**
 * The processes a child leads: itself, and all it started that did not leave for a session of their own.
 *
 * The kernel does not give a group's number to another process while the group has a member, so a group is never
 * signalled again once it was seen empty. Groups still known when this process exits, by an exception too, are killed. A signal
 * that nobody handles runs no code: then a child is left with nothing but closed pipes.
 */
export class ProcessGroup {
  readonly #id: number;
  #members: number[] = [];

  /** @param leaderPid a child spawned with `detached: true`. */
  constructor(leaderPid: number) {
    this.#id = leaderPid;
    if (living.size === 0) process.on('exit', killAll);
    living.add(this);
  }

  /** Signals every member; false when none is left, not even one that has ended and was not collected. */
  signal(signal: NodeJS.Signals | 0): boolean {
    if (!living.has(this)) return false;
    try {
      process.kill(-this.#id, signal);
      return true;
    } catch (error) {
      // EPERM: the members run as another user, as those of a set-user-ID program do.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') return true;
      this.release();
      return false;
    }
  }

  /**
   * True while a member lives. Reads the process table only where the kernel still knows the group: in a container without
   * an init, nobody collects the orphans of a child, and the kernel counts them for ever.
   */
  get alive(): boolean {
    if (!this.signal(0)) return false;
    if (this.#members.some((pid) => isLivingMember(pid, this.#id))) return true;
    const members = livingMembers(this.#id);
    this.#members = members ?? [];
    return members === null || members.length > 0;
  }

  /** Never signal it again. */
  release(): void {
    if (living.delete(this) && living.size === 0) process.removeListener('exit', killAll);
  }
}
