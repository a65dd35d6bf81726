import type { Configuration } from '@weir/config';
import { Control } from '@weir/control';
import type { Start } from './lifetime.ts';
import { joinFleet } from './fleet-member.ts';
import type { Options } from './options.ts';
import type { Apply } from './reloader.ts';

/** Where the fleet's status page is when nothing else is said: beside an edge's address. */
export const controlListenDefault: string = '127.0.0.1:8091';

/** `weir control`: publishes the configuration to a fleet and shows how it is. Gives what publishes another. */
export async function runControl(configuration: Configuration, options: Options, start: Start): Promise<Apply> {
  const { logger, lifetime } = start;
  const member = await joinFleet('control', options, start);
  const control = await Control.start({ ...member, configurationKey: options.configurationKey, logger: logger.child('control') });
  lifetime.onStop(() => control.close());
  member.readiness.notReady = () => control.notReady;
  logger.info('listening', { url: `${await control.listen(options.listen ?? controlListenDefault)}/stat` });
  const apply: Apply = async (changed) => {
    await control.apply(changed);
    logger.info('configuration published', { feeds: Object.keys(changed.feeds).length, streams: Object.keys(changed.streams).length });
  };
  await apply(configuration);
  return apply;
}
