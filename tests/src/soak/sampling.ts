import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import type { Fleet, Watched } from './fleet.ts';
import type { NatsSample, Sample } from './measures.ts';
import type { Probed } from './probed.ts';
import { descriptorsOf, residentOf } from './processes.ts';

/** What of `/jsz` is looked at. */
interface JetStream {
  readonly consumers: number;
  readonly account_details: readonly { readonly stream_detail: readonly { readonly name: string; readonly state: { readonly messages: number } }[] }[];
}

/** Looks at a service and its workers together, garbage aside. Null when it did not answer in time. */
export async function sampleService({ service, health }: Watched, folder: string): Promise<Sample | null> {
  try {
    const pids = service.processes;
    const probed = await Promise.all(pids.map((pid) => probe(pid, folder)));
    const total = (of: (one: Probed) => number): number => probed.reduce((sum, one) => sum + of(one), 0);
    return {
      rss: pids.reduce((sum, pid) => sum + residentOf(pid), 0),
      heapUsed: total(({ heapUsed }) => heapUsed),
      external: total(({ external }) => external),
      descriptors: pids.reduce((sum, pid) => sum + descriptorsOf(pid), 0),
      commands: service.commands.length,
      timers: total(({ timers }) => timers),
      handles: total(({ handles }) => handles),
      series: await countSeries(health),
    };
  } catch {
    return null;
  }
}

/** What the NATS server holds for weir; null while it is away. */
export async function sampleNats({ natsMonitor }: Fleet): Promise<NatsSample | null> {
  try {
    const [about, jetStream] = (await Promise.all(['/varz', '/jsz?streams=true'].map(async (path) => (await fetch(natsMonitor + path)).json()))) as [{ subscriptions: number }, JetStream];
    const buckets = jetStream.account_details.flatMap(({ stream_detail }) => stream_detail).filter(({ name }) => !name.endsWith('_epochs'));
    return { subscriptions: about.subscriptions, consumers: jetStream.consumers, messages: buckets.reduce((sum, { state }) => sum + state.messages, 0) };
  } catch {
    return null;
  }
}

async function probe(pid: number, folder: string): Promise<Probed> {
  const file = join(folder, `${pid}.json`);
  rmSync(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  await eventually(`process ${pid} answers`, () => existsSync(file), 10_000);
  return JSON.parse(readFileSync(file, 'utf8')) as Probed;
}

async function countSeries(health: string): Promise<number> {
  // A connection that is kept would be one of the service's own handles at the next look.
  const text = await (await fetch(`http://${health}/metrics`, { headers: { Connection: 'close' }, signal: AbortSignal.timeout(10_000) })).text();
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
}
