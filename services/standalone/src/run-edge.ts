import { Edge } from '@weir/edge';
import type { Start } from './lifetime.ts';
import { followConfiguration, joinFleet } from './fleet-member.ts';
import { openHealth } from './health.ts';
import type { Options } from './options.ts';

/** Where an edge listens when nothing else is said. */
const listenDefault = '127.0.0.1:8090';

/** Seconds over which an edge that stops sends its listeners elsewhere. */
const drainSecondsDefault = 10;

/** `weir edge`: a process of a fleet that serves listeners. */
export async function runEdge(options: Options, start: Start): Promise<void> {
  const member = await joinFleet('edge', options, start);
  const edge = await Edge.start({ ...member, logger: start.logger.child('edge'), listen: options.listen ?? listenDefault });
  start.lifetime.onStop(() => edge.close());
  await openHealth(options, start, member.metrics, () => edge.notReady);
  start.logger.info('listening', { url: `${edge.url}/` });
  await followConfiguration(member, start, (configuration) => edge.apply(configuration));
  start.lifetime.onStop(() => edge.drain(options.drainSeconds ?? drainSecondsDefault), () => edge.drain(Infinity));
}
