import { Ingest } from '@weir/ingest';
import { keepCertificate } from './certificate-keeper.ts';
import type { Start } from './lifetime.ts';
import { followConfiguration, joinFleet } from './fleet-member.ts';
import { openLogFiles } from './log-files.ts';
import type { Options } from './options.ts';

/** `weir ingest`: a process of a fleet that runs feeds and encoders. */
export async function runIngest(options: Options, start: Start): Promise<void> {
  const certificate = options.listen === null ? null : keepCertificate(options.tls, options.watch, start);
  const member = await joinFleet('ingest', options, start);
  const ingest = await Ingest.start({ ...member, labels: options.labels, ffmpeg: options.ffmpeg, logger: start.logger.child('ingest'), ...openLogFiles(options, start) });
  start.lifetime.onStop(() => ingest.close());
  certificate?.measure(member.metrics);
  if (options.listen !== null) start.logger.info('listening', { url: `${await ingest.listen(options.listen, certificate?.tls)}/` });
  if (options.shoutcast !== null) start.logger.info('SHOUTcast sources', { address: await ingest.listenShoutcast(options.shoutcast) });
  member.readiness.notReady = () => ingest.notReady;
  await followConfiguration(member, options, start, (configuration) => ingest.apply(configuration));
}
