import { MemoryBus } from '@weir/bus';
import type { Configuration } from '@weir/config';
import { Control } from '@weir/control';
import { Edge } from '@weir/edge';
import type { EdgeOptions } from '@weir/edge';
import { Ingest } from '@weir/ingest';
import { Subjects } from '@weir/wire';
import { administrationOf } from './administration.ts';
import { createMetrics, openHealth } from './health.ts';
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
 * @throws ListenError before anything has started
 */
export async function up(configuration: Configuration, options: Options, start: Start, afterEnd: AfterEnd): Promise<Apply> {
  const { logger, lifetime } = start;
  const bus = new MemoryBus(reportCallbackFaults(logger));
  const subjects = new Subjects(options.prefix);
  const { instance } = options;
  const metrics = createMetrics(() => bus);
  const around = { instance, version, bus, subjects, metrics };
  const listen = options.listen ?? configuration.listen;
  answerLogLevel(bus, subjects, instance, logger);
  const control = await Control.start({ ...around, ...administrationOf(options, start), logger: logger.child('control'), ...(options.listen === null ? { listen } : {}) });
  const onEnded = (): void => {
    if (afterEnd === 'exit') void edge.drain(Infinity).then(() => lifetime.stop('the source has ended'));
  };
  const ingest = await Ingest.start({ ...around, labels: null, ffmpeg: options.ffmpeg, logger: logger.child('ingest'), onEnded });
  const edge = await startEdge({ ...around, logger: logger.child('edge'), listen, sources: ingest.sources, status: () => control.status(), answer: control.answer, drainSeconds: options.drainSeconds ?? drainSecondsDefault }, ingest);
  const shoutcast = options.shoutcast === null ? null : await ingest.listenShoutcast(options.shoutcast);
  lifetime.onStop(() => bus.close());
  lifetime.onStop(() => control.close());
  lifetime.onStop(() => ingest.close());
  lifetime.onStop(() => edge.close());
  lifetime.onStop(() => edge.drain(options.drainSeconds ?? 0), () => edge.drain(Infinity));
  await openHealth(options, start, metrics, { notReady: () => edge.notReady });
  const apply: Apply = async (changed) => {
    edge.apply(changed);
    ingest.apply(changed);
    await control.apply(changed);
  };
  await apply(configuration);
  logger.info('listening', { url: `${edge.url}/` });
  for (const stream of Object.values(configuration.streams)) logger.info(`stream ${stream.name}`, { url: `${edge.url}${stream.path}` });
  logger.info('status', { url: `${edge.url}/stat` });
  if (shoutcast !== null) logger.info('SHOUTcast sources', { address: shoutcast });
  return apply;
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
