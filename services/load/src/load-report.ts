import type { Spread } from './percentiles.ts';
import type { ReasonCounts } from './reasons.ts';

/**
 * The result of a run, as `--json` prints it: names and meanings stay as they are.
 *
 * `readers` is the sum of `stayed`, `starved`, `refused`, `failed`, `unanswered`, `closedEarly` and, in a run that was
 * interrupted, the readers that were never started.
 */
export interface LoadReport {
  /** There are no {@link problems}. */
  readonly ok: boolean;
  /** Why it is not ok, for people. */
  readonly problems: readonly string[];
  /** Without credentials. */
  readonly url: string;
  /** Of the whole run, start to end. */
  readonly seconds: number;
  /** It ended early, by a signal. */
  readonly interrupted: boolean;
  /** Asked for. */
  readonly listeners: number;
  readonly started: number;
  readonly connected: number;
  /** Asked for, without the stalled; the slow are among them. */
  readonly readers: number;
  readonly slow: number;
  /** Readers who got as much as was expected. */
  readonly served: number;
  /** Served, and connected to the end; or to the good end of an answer of which only so many bytes were expected. */
  readonly stayed: number;
  /** Got an answer and stayed, but got less than was expected. */
  readonly starved: number;
  /** By HTTP status. */
  readonly refused: ReasonCounts;
  /** Of the refused: those told by `Retry-After` to come again. */
  readonly refusedForNow: number;
  /** No connection or no sensible answer, by reason. */
  readonly failed: ReasonCounts;
  /** Had neither an answer nor an error by the end. */
  readonly unanswered: number;
  /** Answers that ended too early, by reason. */
  readonly closedEarly: ReasonCounts;
  readonly stalled: {
    /** Asked for. */
    readonly listeners: number;
    /** Got the head of a good answer. */
    readonly answered: number;
    readonly refused: ReasonCounts;
    readonly failed: ReasonCounts;
  };
  readonly churn: {
    readonly connections: number;
    /** Got media before they vanished. */
    readonly served: number;
    readonly unanswered: number;
    readonly refused: ReasonCounts;
    readonly failed: ReasonCounts;
  };
  /** Of media, all readers together. */
  readonly bytes: number;
  readonly bytesPerReader: Spread | null;
  /** All readers together, from the start of the last one on. */
  readonly bitsPerSecond: number;
  readonly connectMillis: Spread | null;
  /** From the connection to the first media. */
  readonly firstByteMillis: Spread | null;
  readonly continuity: {
    /** Listeners looked into, by the format they got. */
    readonly formats: ReasonCounts;
    /** Of them: those with a gap, and those who got nothing readable. */
    readonly faulty: number;
    /** Places where something is missing or does not belong. */
    readonly gaps: number;
    readonly skippedBytes: number;
    /** Got nothing of the format that Content-Type told. */
    readonly unreadable: number;
  };
  /** From a source on this machine that stamps its packets; null when none does. */
  readonly delayMillis: Spread | null;
  /** How busy the tester itself was, 0 to 1: close to 1 it measures itself. */
  readonly testerUtilisation: number;
}
