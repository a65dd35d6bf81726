import type { Change, Difference } from '@weir/config';
import type { Logger } from '@weir/telemetry';

/** Lines about single feeds, streams or mistakes; what is beyond is counted. */
const linesMax = 20;

/** Tells what a reload does; says whether there is anything to do. */
export function logDifference(logger: Logger, because: string, difference: Difference): 'something' | 'nothing' {
  const { changes, masters, edge, admin, access, listen, tls, unchanged } = difference;
  if (changes.length === 0 && !masters && edge.length === 0 && !admin && !access && listen === null && !tls) {
    // A file that was only touched is no news; a signal is answered.
    logger[because === 'a signal' || because === 'an administrator' ? 'info' : 'debug']('the configuration is as it was', { because, unchanged });
    return 'nothing';
  }
  const count = (what: Change['what']): number => changes.filter((change) => change.what === what).length;
  const counts = { started: count('started'), stopped: count('stopped'), changed: count('changed'), restarted: count('restarted'), unchanged };
  logger.info('reloading the configuration', { because, ...counts });
  for (const change of changes.slice(0, linesMax)) {
    logger.info(`${change.kind} ${change.name}: ${change.what}`, change.what === 'changed' ? { by: change.keys.join(',') } : {});
  }
  if (changes.length > linesMax) logger.info('and more feeds and streams', { count: changes.length - linesMax });
  if (masters) logger.info('masters: changed');
  if (edge.length > 0) logger.info('edge: changed', { by: edge.join(',') });
  if (admin) logger.info('admin: another token is needed from now on');
  if (access) logger.info('access: changed; whoever may not listen or send any more is ended');
  if (listen !== null) logger.warn('listen has changed: it takes effect when weir is started again', { ...listen });
  if (tls) logger.warn('tls has changed: it takes effect when weir is started again');
  return 'something';
}

/** Tells why a configuration is refused. */
export function logProblems(logger: Logger, problems: readonly string[]): void {
  logger.error('the new configuration is refused: the old one stays', { problems: problems.length });
  for (const problem of problems.slice(0, linesMax)) logger.error(problem);
  if (problems.length > linesMax) logger.error('and more problems: weir check prints them', { count: problems.length - linesMax });
}
