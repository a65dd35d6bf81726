import type { Configuration } from '@weir/config';
import { Control } from '@weir/control';
import { administrationOf } from './administration.ts';
import { keepCertificate } from './certificate-keeper.ts';
import type { Start } from './lifetime.ts';
import { joinFleet } from './fleet-member.ts';
import { controlListenDefault } from './options.ts';
import type { Options } from './options.ts';
import type { Apply } from './reloader.ts';

/** `weir control`: publishes the configuration to a fleet and shows how it is. Gives what publishes another. */
export async function runControl(configuration: Configuration, options: Options, start: Start): Promise<Apply> {
  const { logger, lifetime } = start;
  const certificate = keepCertificate(options.tls, options.watch, start);
  const member = await joinFleet('control', options, start);
  const control = await Control.start({ ...member, ...administrationOf(options, start), configurationKey: options.configurationKey, logger: logger.child('control') });
  lifetime.onStop(() => control.close());
  certificate?.measure(member.metrics);
  member.readiness.notReady = () => control.notReady;
  logger.info('listening', { url: `${await control.listen(options.listen ?? controlListenDefault, certificate?.tls)}/stat` });
  const apply: Apply = async (changed) => {
    await control.apply(changed);
    logger.info('configuration published', { feeds: Object.keys(changed.feeds).length, streams: Object.keys(changed.streams).length });
  };
  await apply(configuration);
  return apply;
}
