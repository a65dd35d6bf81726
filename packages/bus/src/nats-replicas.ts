import { NatsError } from 'nats';
import type { JetStreamManager } from 'nats';

/** Servers of a cluster that keep a bucket: any one of them may be lost. More would only make writing slower. */
const replicasWanted = 3;

/** JetStream's answers where a bucket cannot have so many copies: no cluster, too few servers that are there, too little room. */
const refusals: readonly number[] = [10074, 10005, 10023];

/** Milliseconds that a bucket may take to be there again after it got more copies, and between two looks. */
const settledMillisMax = 5000;
const lookMillis = 50;

/** Makes a bucket of three copies, or of one where the server refuses that. */
export async function withReplicas<T>(make: (replicas: number) => Promise<T>): Promise<T> {
  try {
    return await make(replicasWanted);
  } catch (error) {
    if (!(error instanceof NatsError) || !refusals.includes(error.api_error?.err_code ?? 0)) throw error;
    return make(1);
  }
}

/**
 * Has a cluster keep on three of its servers what was made before it was a cluster, or while some were away; does nothing on a
 * single server. Where it cannot be, the bucket stays as it is until it is opened again.
 *
 * @param stream the bucket's stream, `KV_` and its name
 */
export async function replicate(manager: JetStreamManager, stream: string): Promise<void> {
  try {
    const { cluster, config } = await manager.streams.info(stream);
    if (cluster === undefined || config.num_replicas >= replicasWanted) return;
    await manager.streams.update(stream, { num_replicas: replicasWanted });
    // Until those who keep it have agreed on a leader, it can be neither read nor written.
    for (const started = performance.now(); performance.now() - started < settledMillisMax; ) {
      if ((await manager.streams.info(stream)).cluster?.leader) return;
      await new Promise((resolve) => setTimeout(resolve, lookMillis));
    }
  } catch {
    // It works with one copy as well: what the server refuses is no reason not to start.
  }
}
