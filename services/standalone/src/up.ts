import { MemoryBus } from '@weir/bus';
import type { Configuration } from '@weir/config';
import { Control } from '@weir/control';
import { Edge } from '@weir/edge';
import type { EdgeOptions } from '@weir/edge';
import { Ingest } from '@weir/ingest';
import { Subjects } from '@weir/wire';
import { administrationOf } from './administration.ts';
import { addBusMetrics } from './bus-metrics.ts';
import { keepCertificate } from './certificate-keeper.ts';
import { openHealth } from './health.ts';
import { openLogFiles } from './log-files.ts';
import type { Start } from './lifetime.ts';
import { answerLogLevel } from './log-level.ts';
import { drainSecondsDefault } from './options.ts';
import type { Options } from './options.ts';
import type { Apply } from './reloader.ts';
import { reportCallbackFaults } from './report.ts';
import { version } from './version.ts';

/** What becomes of the process when its only feed has ended. */
export type AfterEnd = 'stay' | 'exit';

/**
 * Ingest, edge and control in this process, on a bus of its own. Gives what applies another configuration.
 *
 * @throws CertificateError, ListenError before anything has started
 */
export async function up(configuration: Configuration, options: Options, start: Start, afterEnd: AfterEnd): Promise<Apply> {
  const { logger, lifetime, metrics } = start;
  const certificate = keepCertificate(options.tls ?? configuration.tls, options.watch, start);
  const bus = new MemoryBus(reportCallbackFaults(logger));
  const subjects = new Subjects(options.prefix);
  const { instance } = options;
  addBusMetrics(metrics, () => bus);
  certificate?.measure(metrics);
  const around = { instance, version, bus, subjects, metrics };
  const listen = options.listen ?? configuration.listen;
  const onConfiguration = (changed: Configuration): void => {
    edge.apply(changed);
    ingest.apply(changed);
  };
  answerLogLevel(bus, subjects, instance, logger);
  const control = await Control.start({ ...around, ...administrationOf(options, start), configurationKey: null, logger: logger.child('control'), ...(options.listen === null ? { listen } : {}), onConfiguration });
  const files = openLogFiles(options, start);
  const onEnded = (): void => {
    if (afterEnd === 'exit') void edge.drain(Infinity).then(() => lifetime.stop('the source has ended'));
  };
  const ingest = await Ingest.start({ ...around, labels: null, ffmpeg: options.ffmpeg, logger: logger.child('ingest'), onEnded, ...files });
  const served = { sources: ingest.sources, status: () => control.status(), answer: control.answer };
  const edge = await startEdge({ ...around, logger: logger.child('edge'), listen, tls: certificate?.tls, ...served, drainSeconds: options.drainSeconds ?? drainSecondsDefault, ...files }, ingest);
  const shoutcast = options.shoutcast === null ? null : await ingest.listenShoutcast(options.shoutcast);
  lifetime.onStop(() => bus.close());
  lifetime.onStop(() => ingest.close());
  lifetime.onStop(() => edge.close());
  // Before the two that take its configurations.
  lifetime.onStop(() => control.close());
  lifetime.onStop(() => edge.drain(options.drainSeconds ?? 0), () => edge.drain(Infinity));
  await openHealth(options, start, { notReady: () => edge.notReady });
  await control.apply(configuration);
  logger.info('listening', { url: `${edge.url}/` });
  for (const stream of Object.values(configuration.streams)) logger.info(`stream ${stream.name}`, { url: `${edge.url}${stream.path}` });
  logger.info('status', { url: `${edge.url}/stat` });
  if (shoutcast !== null) logger.info('SHOUTcast sources', { address: shoutcast });
  return (changed) => control.apply(changed);
}

/** Nothing is left running when the port cannot be had. */
async function startEdge(options: EdgeOptions, ingest: Ingest): Promise<Edge> {
  try {
    return await Edge.start(options);
  } catch (error) {
    await ingest.close();
    throw error;
  }
}
