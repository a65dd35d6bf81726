export { Backoff } from './backoff.ts';
export { Command } from './command.ts';
export type { CommandOptions } from './command.ts';
export { describeEnd } from './command-end.ts';
export type { CommandEnd, Exited, NotStarted, Signalled } from './command-end.ts';
export type { CommandInput } from './command-input.ts';
export { describeMillis } from './duration.ts';
export { FailureLog } from './failure-log.ts';
export type { SpawnFailure } from './spawn-failure.ts';
