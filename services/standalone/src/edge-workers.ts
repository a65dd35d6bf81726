import cluster from 'node:cluster';
import type { Worker } from 'node:cluster';
import { availableParallelism } from 'node:os';
import { listenForHealth, parseAddress } from '@weir/http';
import { Backoff } from '@weir/supervisor';
import { sumMetrics } from '@weir/telemetry';
import type { Metrics } from '@weir/telemetry';
import type { Start } from './lifetime.ts';
import type { Options } from './options.ts';

/** Milliseconds a worker has to answer for its metrics. */
const answerMillis = 2000;

/** Between the edge's main process and its workers. */
type Question = { readonly weir: 'account'; readonly question: number };
type Reload = { readonly weir: 'reload' };
type Answer = { readonly weir: 'account'; readonly question: number; readonly notReady: string | null; readonly metrics: object };

/** How many workers `--workers` asks for: one a core for `auto`. */
export function countWorkers(workers: number | 'auto'): number {
  return workers === 'auto' ? availableParallelism() : workers;
}

/** The name of one of an edge's workers in the fleet; `id` counts from 1. */
export function workerName(instance: string, id: number): string {
  return `${instance}-${id}`;
}

/**
 * Runs an edge as several processes behind one port, each with its own subscriptions, and starts again those that end. The main
 * process serves no listeners: it hands connections out in turn, and answers the health port for all.
 */
export async function runWorkers(count: number, options: Options, { logger, lifetime }: Start): Promise<void> {
  cluster.schedulingPolicy = cluster.SCHED_RR;
  const workers = new Map<number, Worker>();
  const fork = (id: number): void => {
    const started = performance.now();
    const worker = cluster.fork({ WEIR_INSTANCE: options.instance, WEIR_WORKER: String(id) });
    workers.set(id, worker);
    worker.once('exit', (code, signal) => {
      workers.delete(id);
      if (lifetime.stopping.signal.aborted) return;
      const delay = (backoffs[id - 1] as Backoff).delayMillis(performance.now() - started);
      logger.error('an edge worker has ended', { worker: id, code, signal, restartsInSeconds: Math.round(delay / 100) / 10 });
      setTimeout(() => fork(id), delay);
    });
  };
  const backoffs = Array.from({ length: count }, () => new Backoff(Math.random));
  for (let id = 1; id <= count; id++) fork(id);
  lifetime.onStop(
    () => stopWorkers(workers, 'SIGTERM'),
    () => stopWorkers(workers, 'SIGUSR1'),
  );
  if (options.tls !== null) {
    const reload: Reload = { weir: 'reload' };
    lifetime.onReload(() => {
      for (const worker of workers.values()) if (worker.isConnected()) worker.send(reload);
    });
  }
  logger.info('edge workers', { count });
  if (options.health === null) return;
  const health = {
    notReady: () => (lifetime.stopping.signal.aborted ? 'stopping' : latest),
    metrics: { contentType: 'text/plain; version=0.0.4; charset=utf-8', text: async () => sumMetrics((await ask(workers)).map(({ metrics }) => metrics)) },
  };
  let latest: string | null = 'starting';
  setInterval(() => {
    void ask(workers).then((answers) => {
      // One worker that can take listeners is enough: the others are being started.
      latest = answers.some(({ notReady }) => notReady === null) ? null : (answers[0]?.notReady ?? 'no worker answers');
    });
  }, 1000).unref();
  await listenForHealth(health, parseAddress(options.health), logger.child('health'));
}

/** In a worker: answers the main process's questions. */
export function answerQuestions(metrics: Metrics, notReady: () => string | null): void {
  process.on('message', (message: Question | Reload) => {
    if (message.weir !== 'account') return;
    void metrics.values().then((values) => {
      const answer: Answer = { weir: 'account', question: message.question, notReady: notReady(), metrics: values };
      process.send?.(answer);
    });
  });
}

/** In a worker: told when the main process gets SIGHUP. */
export function onWorkerReload(reload: () => void): void {
  process.on('message', (message: Reload | Question) => {
    if (message.weir === 'reload') reload();
  });
}

let questions = 0;

/** What every worker answers in time. */
async function ask(workers: ReadonlyMap<number, Worker>): Promise<Answer[]> {
  const answers = await Promise.all([...workers.values()].map((worker) => askOne(worker)));
  return answers.filter((answer) => answer !== null);
}

function askOne(worker: Worker): Promise<Answer | null> {
  const question: Question = { weir: 'account', question: ++questions };
  return new Promise((resolve) => {
    const settle = (answer: Answer | null): void => {
      clearTimeout(timer);
      worker.off('message', onMessage);
      resolve(answer);
    };
    const onMessage = (message: Answer): void => {
      if (message.weir === 'account' && message.question === question.question) settle(message);
    };
    const timer = setTimeout(() => settle(null), answerMillis);
    worker.on('message', onMessage);
    if (worker.isConnected()) worker.send(question);
    else settle(null);
  });
}

/** Passes the signal on; fulfilled when all are gone. A second signal to the main process ends it, and with it their channel. */
async function stopWorkers(workers: ReadonlyMap<number, Worker>, signal: NodeJS.Signals): Promise<void> {
  await Promise.all(
    [...workers.values()].map(
      (worker) =>
        new Promise<void>((resolve) => {
          worker.once('exit', () => resolve());
          worker.process.kill(signal);
        }),
    ),
  );
}
