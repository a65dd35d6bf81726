import { describeMillis } from './duration.ts';
import type { SpawnFailure } from './spawn-failure.ts';

interface Circumstances {
  /** The last part of the program's path. */
  readonly program: string;
  /** The reason given with the first `stop()` that came before the end; null when the program ended by itself. */
  readonly asked: string | null;
  /** SIGKILL was needed, for the program or for something it had started. */
  readonly forced: boolean;
  /** From its start to its own end; what it started may have lived longer. */
  readonly ranMillis: number;
  /** The last lines it wrote to its standard error, oldest first. They may contain secrets. */
  readonly stderrTail: readonly string[];
}

/** The program was never there. */
export interface NotStarted extends Circumstances, SpawnFailure {
  readonly kind: 'not-started';
}

/** The program ended with an exit code, 0 included. */
export interface Exited extends Circumstances {
  readonly kind: 'exited';
  readonly code: number;
}

/** The program was ended by a signal, whoever sent it. */
export interface Signalled extends Circumstances {
  readonly kind: 'signalled';
  readonly signal: NodeJS.Signals;
}

/** How one run of a command came to its end. */
export type CommandEnd = NotStarted | Exited | Signalled;

/** One sentence for a log line or a status page, without the full stop. */
export function describeEnd(end: CommandEnd): string {
  if (end.kind === 'not-started') return end.message;
  const ran = `after ${describeMillis(end.ranMillis)}`;
  if (end.asked !== null) {
    return `${end.program} was stopped ${ran} (${end.asked})${end.forced ? '; SIGTERM was not enough' : ''}`;
  }
  const fate = end.kind === 'exited' ? `exited with code ${end.code}` : `was ended by ${end.signal}`;
  const left = end.forced ? '; what it left running was killed' : '';
  const said = end.kind === 'exited' && end.code === 0 ? undefined : end.stderrTail.at(-1);
  return `${end.program} ${fate} ${ran}${left}${said === undefined ? '' : `: ${said}`}`;
}
