import type { LoadReport } from './load-report.ts';
import { describeReasons, totalOf } from './reasons.ts';

const noPort = 'no such address on this machine, or no port of it is free: spread the listeners over several addresses with --from';

/** What to do about a reason that does not explain itself. */
const advice: Readonly<Record<string, string>> = {
  EMFILE: 'this process may open no more files: raise the limit first, such as with `ulimit -n 65536`',
  EADDRNOTAVAIL: noPort,
  EADDRINUSE: noPort,
  ECONNREFUSED: 'nothing listens there, or it has too many connections waiting',
};

/** Why a run is not ok, a line each; none when it is. Stalled listeners and the churn are there to disturb, and count for nothing. */
export function findProblems(report: Omit<LoadReport, 'ok' | 'problems'>): readonly string[] {
  const { listeners, started, refused, refusedForNow, failed, unanswered, closedEarly, starved, continuity } = report;
  const problems: string[] = [];
  const tell = (holds: boolean, problem: string): void => {
    if (holds) problems.push(problem);
  };
  tell(started < listeners, `not started: ${listeners - started} of ${listeners}`);
  tell(totalOf(refused) > 0, `refused: ${describeReasons(refused)}${refusedForNow > 0 ? `, ${refusedForNow} of them told to come again` : ''}`);
  tell(totalOf(failed) > 0, `failed: ${describeReasons(failed)}${hints(Object.keys(failed))}`);
  tell(unanswered > 0, `without an answer: ${unanswered}`);
  tell(starved > 0, `got less than expected: ${starved}`);
  tell(totalOf(closedEarly) > 0, `closed too early: ${describeReasons(closedEarly)}`);
  tell(continuity.gaps > 0, `gaps: ${continuity.gaps}, in what ${continuity.faulty - continuity.unreadable} of ${totalOf(continuity.formats)} listeners got`);
  tell(continuity.unreadable > 0, `got nothing of the format that Content-Type tells: ${continuity.unreadable}`);
  return problems;
}

function hints(reasons: readonly string[]): string {
  return reasons.map((reason) => (reason in advice ? `\n  ${reason}: ${advice[reason]}` : '')).join('');
}
