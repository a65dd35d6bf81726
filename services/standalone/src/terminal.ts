import { closeSync, openSync } from 'node:fs';

/** The terminal that this process was started from, if any: a service manager's child and a container have none. */
export class Terminal {
  readonly #had: boolean = isThere();

  /** True once it was closed, which the system tells by SIGHUP too. */
  get closed(): boolean {
    return this.#had && !isThere();
  }
}

/** `/dev/tty` is the process's controlling terminal, and cannot be opened without one (POSIX.1-2017, Base Definitions, chapter 10). */
function isThere(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
