import { eventually, pause } from '../support/eventually.ts';
import type { Audience, AudienceReport } from './audience.ts';
import { Decoders } from './decoders.ts';
import type { Fleet } from './fleet.ts';
import type { Aftermath, Scenario } from './scenario.ts';

/** How a fleet and its listeners got over one fault. */
export interface Trial {
  readonly scenario: Scenario;
  readonly seconds: number;
  readonly audience: AudienceReport;
  /** Real players that decoded before the fault, and those of them that do after it. */
  readonly decoders: { readonly before: number; readonly after: number };
  /** MiB of each service. */
  readonly residentBefore: Resident;
  readonly residentAfter: Resident;
  readonly leftovers: number;
  /** What must not be; empty when it was survived. */
  readonly faults: readonly string[];
}

export type Resident = Readonly<Record<'ingest' | 'edge' | 'control', readonly number[]>>;

/** Milliseconds between two looks at who plays when nothing else is said: of a stream with a frame a second, one is seen. */
const lookMillisDefault = 2500;

/** Milliseconds until all must play again. */
const recoveryMillisMax = 90_000;

/** Makes one fault and waits until all is as before. */
export async function tryScenario(scenario: Scenario, fleet: Fleet, audience: Audience, lookMillis: number = lookMillisDefault): Promise<Trial> {
  const faults: string[] = [];
  let aftermath: Aftermath = {};
  let decoders: Decoders | null = null;
  let residentBefore = residentOf(fleet);
  let started = performance.now();
  try {
    await scenario.prepare?.(fleet);
    await audience.spread();
    await settled(audience, lookMillis, 'before the fault');
    decoders = await Decoders.begin(fleet);
    residentBefore = residentOf(fleet);
    await audience.mark();
    started = performance.now();
    aftermath = (await scenario.run(fleet)) ?? {};
    faults.push(...(aftermath.faults ?? []));
    await settled(audience, lookMillis, 'after it');
    await fleet.changeConfiguration();
    await eventually('nothing runs twice', () => fleet.leftovers().length === 0, 30_000).catch(() => faults.push(...fleet.leftovers().map((command) => `left over: ${command}`)));
  } catch (error) {
    faults.push(error instanceof Error ? error.message : String(error));
  }
  const { edgesEnded = [] } = aftermath;
  const stuck = (await decoders?.goOn(edgesEnded, 'after the fault')) ?? [];
  faults.push(...stuck.map((decoder) => `ffmpeg: ${decoder}`));
  const report = await audience.report();
  const strangers = report.droppedAt.filter((edge) => !edgesEnded.includes(edge));
  if (strangers.length > 0) faults.push(`listeners of ${strangers.map((edge) => fleet.edges[edge]?.name).join(', ')} had to reconnect: ${report.droppedPaths.join(' ')}`);
  faults.push(...fleet.services.filter(({ running }) => !running).map(({ name }) => `${name} has ended`));
  const trial: Trial = {
    scenario,
    seconds: (performance.now() - started) / 1000,
    audience: report,
    decoders: { before: decoders?.count ?? 0, after: decoders?.running ?? 0 },
    residentBefore,
    residentAfter: residentOf(fleet),
    leftovers: fleet.leftovers().length,
    faults,
  };
  await decoders?.end();
  if (faults.length > 0) await fleet.mend().catch((error: unknown) => faults.push(`it could not be mended: ${String(error)}`));
  return trial;
}

/** Until everybody plays at two looks, one after the other. */
async function settled(audience: Audience, lookMillis: number, when: string): Promise<void> {
  let report = await audience.report();
  let looks = 0;
  const deadline = performance.now() + recoveryMillisMax;
  while (looks < 2) {
    if (performance.now() > deadline) throw new Error(`${report.listeners - report.playing} of ${report.listeners} listeners have no media ${when}: longest silence ${report.silenceSeconds.toFixed(0)} s, ${report.silentPaths.join(' ')}`);
    await pause(lookMillis);
    report = await audience.report();
    looks = report.playing === report.listeners ? looks + 1 : 0;
  }
}

function residentOf({ services }: Fleet): Resident {
  const of = (wanted: string): readonly number[] => services.filter(({ role }) => role === wanted).map(({ residentMebibytes }) => Math.round(residentMebibytes));
  return { ingest: of('ingest'), edge: of('edge'), control: of('control') };
}
