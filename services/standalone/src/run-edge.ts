import { Edge } from '@weir/edge';
import type { Start } from './lifetime.ts';
import { followConfiguration, joinFleet } from './fleet-member.ts';
import type { Options } from './options.ts';

/** Where an edge listens when nothing else is said. */
const listenDefault = '127.0.0.1:8090';

/** `weir edge`: a process of a fleet that serves listeners. */
export async function runEdge(options: Options, start: Start): Promise<void> {
  const member = await joinFleet('edge', options, start);
  const edge = await Edge.start({ ...member, logger: start.logger.child('edge'), listen: options.listen ?? listenDefault });
  start.lifetime.onStop(() => edge.close());
  start.logger.info('listening', { url: `${edge.url}/` });
  await followConfiguration(member, start, (configuration) => edge.apply(configuration));
}
