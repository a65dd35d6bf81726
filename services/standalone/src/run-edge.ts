import { Edge } from '@weir/edge';
import { readCertificate } from '@weir/http';
import { keepCertificate } from './certificate-keeper.ts';
import { answerQuestions, countWorkers, onWorkerReload, runWorkers, workerName } from './edge-workers.ts';
import { followConfiguration, joinFleet } from './fleet-member.ts';
import type { Start } from './lifetime.ts';
import { openLogFiles } from './log-files.ts';
import { drainSecondsDefault } from './options.ts';
import type { Options } from './options.ts';

/** Where an edge listens when nothing else is said. */
const listenDefault = '127.0.0.1:8090';

/** `weir edge`: a process of a fleet that serves listeners, or several behind one port. */
export async function runEdge(options: Options, start: Start): Promise<void> {
  const workers = countWorkers(options.workers);
  if (workers > 1 && options.worker === null) {
    // What is wrong with it is told once, not by each worker again and again.
    if (options.tls !== null) readCertificate(options.tls);
    await runWorkers(workers, options, start);
    return;
  }
  const certificate = keepCertificate(options.tls, options.watch, start);
  const names = options.worker === null ? [] : Array.from({ length: workers }, (_, index) => workerName(options.instance, index + 1));
  const instance = names[(options.worker ?? 0) - 1] ?? options.instance;
  const member = await joinFleet('edge', { ...options, instance }, start);
  const siblings = names.filter((name) => name !== instance);
  const drainSeconds = options.drainSeconds ?? drainSecondsDefault;
  const files = openLogFiles(options, start);
  const edge = await Edge.start({ ...member, logger: start.logger.child('edge'), listen: options.listen ?? listenDefault, tls: certificate?.tls, siblings, drainSeconds, pool: options.pool, ...files });
  start.lifetime.onStop(() => edge.close());
  certificate?.measure(member.metrics);
  if (certificate !== null) onWorkerReload(() => certificate.reload());
  if (options.worker !== null) answerQuestions(member.metrics, () => edge.notReady);
  member.readiness.notReady = () => edge.notReady;
  start.logger.info('listening', { url: `${edge.url}/` });
  await followConfiguration(member, options, start, (configuration) => edge.apply(configuration));
  start.lifetime.onStop(
    () => edge.drain(drainSeconds),
    () => edge.drain(Infinity),
  );
}
