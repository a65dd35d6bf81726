import { Churn, rest } from './churn.ts';
import { ask } from './asking.ts';
import type { Fleet } from './fleet.ts';
import { writeHeaps } from './heaps.ts';
import { listen } from './listening.ts';
import { measures } from './measures.ts';
import type { Sample } from './measures.ts';
import { operate } from './operating.ts';
import { cpuSecondsOf } from './processes.ts';
import { Names, push } from './pushing.ts';
import { Record } from './record.ts';
import { told } from './report.ts';
import type { Told } from './report.ts';
import { sampleNats, sampleService } from './sampling.ts';

/** Seconds between two samples, and between two tables of them. */
const sampleSeconds = 15;
const printSeconds = 60;

/** Feeds move from one to the other: what they hold together must not grow. */
const ingests: readonly string[] = ['ingest-1', 'ingest-2'];

/** What a log says of a fault that is ours: an exception, a rejection, or a warning of Node's, such as one of too many listeners of an event. */
const faultLine = /nobody caught|nobody handled|fault while stopping|Warning: /;

/** Kinds of faults that are told. */
const faultsToldMax = 20;

/** Churns a fleet for so long and samples it. @param keepsHeaps whether each service writes its heap at the end: not before, since that takes memory for good */
export async function soak(fleet: Fleet, minutes: number, keepsHeaps: boolean, interrupted: AbortSignal): Promise<Told> {
  const churn = new Churn();
  const record = new Record();
  const names = new Names();
  const cpuBefore = cpuSeconds(fleet);
  listen(churn, fleet, names);
  push(churn, fleet, names);
  ask(churn, fleet, names);
  operate(churn, fleet);
  const started = performance.now();
  const passed = (): number => (performance.now() - started) / 1000;
  let printed = 0;
  while (passed() < minutes * 60 && !interrupted.aborted) {
    await rest(Math.min(sampleSeconds, minutes * 60 - passed()), interrupted);
    const samples = await sampleAll(fleet, record, passed() / 3600);
    if (passed() - printed >= printSeconds) {
      printed = passed();
      print(samples, passed() / 60);
    }
  }
  const seconds = passed();
  const cores = new Map([...cpuSeconds(fleet)].map(([name, after]) => [name, (after - (cpuBefore.get(name) ?? 0)) / seconds]));
  await churn.end();
  if (keepsHeaps) await writeHeaps(fleet.watched.map(({ service }) => service), fleet.folder);
  return { minutes: Math.round(seconds / 60), findings: record.findings, counts: churn.counts, cores, faults: faultsOf(fleet) };
}

/** One after the other, so that collections of garbage do not come all at once. */
async function sampleAll(fleet: Fleet, record: Record, hours: number): Promise<ReadonlyMap<string, Sample>> {
  const samples = new Map<string, Sample>();
  for (const watched of fleet.watched) {
    const { name } = watched.service;
    if (watched.service.ended) throw new Error(`${name} has ended:\n${watched.service.log.slice(-2000)}`);
    const sample = await sampleService(watched, fleet.folder);
    if (sample === null) continue;
    samples.set(name, sample);
    if (!ingests.includes(name)) record.add(name, watched.service.processes.length, hours, sample);
  }
  const [one, other] = ingests.map((name) => samples.get(name));
  if (one !== undefined && other !== undefined) record.add('both ingests', ingests.length, hours, sumOf(one, other));
  const nats = await sampleNats(fleet);
  if (nats !== null) record.addNats(hours, nats);
  return samples;
}

function sumOf(one: Sample, other: Sample): Sample {
  return Object.fromEntries(Object.entries(one).map(([key, value]: [string, number]) => [key, value + other[key as keyof Sample]])) as unknown as Sample;
}

function print(samples: ReadonlyMap<string, Sample>, minutes: number): void {
  console.log(`\nafter ${minutes.toFixed(0)} min`);
  for (const [name, sample] of samples) {
    const cells = Object.entries(measures).map(([key, measure]) => `${measure.name} ${told(sample[key as keyof Sample], measure)}`);
    console.log(`${name.padEnd(10)}  ${cells.join('  ')}`);
  }
}

/** Since each began; the soak itself included. */
function cpuSeconds(fleet: Fleet): Map<string, number> {
  const { user, system } = process.cpuUsage();
  const services: [string, number][] = fleet.watched.map(({ service }) => [service.name, cpuSecondsOf(service.pid)]);
  return new Map([...services, ['nats', cpuSecondsOf(fleet.natsPid)], ['the soak itself', (user + system) / 1e6]]);
}

function faultsOf(fleet: Fleet): readonly string[] {
  const lines = fleet.watched.flatMap(({ service }) =>
    service.log
      .split('\n')
      .filter((line) => faultLine.test(line))
      .map((line) => `${service.name}: ${line.replace(/^\(node:\d+\) /, '').slice(0, 500)}`),
  );
  const kinds = new Map<string, number>();
  for (const line of lines) kinds.set(line, (kinds.get(line) ?? 0) + 1);
  return [...kinds].slice(0, faultsToldMax).map(([line, count]) => `${count} times: ${line}`);
}
