import { describeMachine } from './machine.ts';
import type { Resident, Trial } from './trial.ts';

/** What a whole run has to tell. */
export interface ChaosRun {
  readonly seed: number;
  readonly minutes: number;
  readonly edges: number;
  readonly listeners: number;
  readonly streams: readonly string[];
  /** Of each scenario once, then those that chance has chosen. */
  readonly trials: readonly Trial[];
  readonly random: readonly Trial[];
  /** Scenarios that this machine could not run, and why. */
  readonly left: readonly string[];
  /** Load average when it began, and when it was over. */
  readonly load: readonly [number, number];
  readonly seconds: number;
}

const head = ['scenario', 'survived', 'reconnected', 'may', 'longest silence, s', 'gaps', 'units missing', 'decoding', 'left over', 'ingests, MiB', 'edges, MiB', 'control, MiB'];

/** The page of a run, in Markdown. */
export function writeReliability(run: ChaosRun): string {
  const { trials, random, seed, left } = run;
  const failed = [...trials, ...random].filter(({ faults }) => faults.length > 0);
  const sections = [
    '# Reliability',
    `What listeners notice of faults: a fleet of real processes is given each of them, one by one and then ${run.minutes} minutes at random, while ${run.listeners} listeners check what they get. \`npm run chaos\` does it and writes this page; whatever it finds stands here.`,
    table(['machine', ''], [...describeMachine(), ['load average', `${run.load[0].toFixed(1)} at the start, ${run.load[1].toFixed(1)} at the end: everything in one machine, players and checkers too`], ['seed', String(seed)], ['took', `${Math.ceil(run.seconds / 60)} minutes`]]),
    '## The fleet',
    `Three servers of NATS in a cluster with JetStream, two ingests, ${run.edges} edges and control, each a process of its own; ${run.streams.length} streams (${run.streams.join(', ')}), each from a live source of its own or, \`mp3\` and \`adts\`, by an encoder from one. ${run.listeners} listeners in another process are spread over edges and streams; and for each stream one real \`ffmpeg\` that decodes it through the fault and never asks twice.`,
    '## One by one',
    table(head, trials.map(row)),
    ...(random.length > 0 ? ['## At random', `Scenarios chosen by chance, seed ${seed}, one after the other.`, table(head, random.map(row))] : []),
    ...(failed.length > 0 ? ['## What did not survive', failed.flatMap(({ scenario, faults }) => faults.map((fault) => `- ${scenario.name}: ${fault.replaceAll(/\s+/g, ' ').slice(0, 400)}`)).join('\n')] : []),
    ...(left.length > 0 ? ['## Left out', left.map((each) => `- ${each}`).join('\n')] : []),
    '## The columns',
    columns,
    '## The scenarios',
    trials.map(({ scenario }) => `- **${scenario.name}**: ${scenario.explanation}.`).join('\n'),
    '## To repeat it',
    `\`\`\`sh\nnpm run chaos                          # all of it\nnpm run chaos -- --only edge-killed    # one scenario, prints only\nnpm run chaos -- --seed ${seed} --minutes 30\n\`\`\``,
  ];
  return `${sections.join('\n\n')}\n`;
}

const columns = [
  '- *survived*: nobody had to reconnect who may not, everybody plays again, a changed configuration reaches every edge, the players decode on, and no program is left over or runs twice.',
  '- *reconnected*: listeners whose answer ended; *may*: who may be among them. Listeners of an edge that is killed or drained can only go to another one.',
  '- *longest silence*: seconds that any listener was without media, until it played again. Where a run of a source begins anew, up to one second of it is the wait for a key frame.',
  '- *gaps*, *units missing*: sources play by the clock, faults or not, and each unit (a transport stream packet, an MP3 frame, an Ogg page, an FLV tag, a WebM block, an MP4 fragment, a JPEG part) is known by its checksum. Gaps are the most that any one listener had, units those of all of them together. A source that is started anew, or elsewhere, has missed what was on meanwhile.',
  '- *decoding*: of the real players, those that still decode.',
  '- *MiB*: resident memory of each process before the fault and after.',
].join('\n');

function row({ scenario, audience, decoders, residentBefore, residentAfter, leftovers, faults }: Trial): string[] {
  return [
    scenario.name,
    faults.length === 0 ? 'yes' : '**no**',
    `${audience.dropped} of ${audience.listeners}`,
    scenario.mayReconnect,
    audience.silenceSeconds.toFixed(1),
    String(audience.gaps),
    String(audience.missing),
    `${decoders.after} of ${decoders.before}`,
    String(leftovers),
    ...(['ingest', 'edge', 'control'] as const).map((role) => memory(role, residentBefore, residentAfter)),
  ];
}

function memory(role: keyof Resident, before: Resident, after: Resident): string {
  return `${before[role].join(' ')} → ${after[role].join(' ')}`;
}

/** One line of what a trial found, for those who watch. */
export function tellTrial(trial: Trial): string {
  const { scenario, audience, seconds, faults, decoders } = trial;
  const { dropped, silenceSeconds, silentPaths, gaps, missing, missingListeners, missingPaths, repeated } = audience;
  const numbers = `reconnected ${dropped}, silence ${silenceSeconds.toFixed(1)} s (${silentPaths.join(' ')}), gaps ${gaps}, missing ${missing} units at ${missingListeners} listeners (${missingPaths.join(' ')}), repeated ${repeated}, decoding ${decoders.after} of ${decoders.before}`;
  const memories = (['ingest', 'edge', 'control'] as const).map((role) => `${role} ${memory(role, trial.residentBefore, trial.residentAfter)}`).join(', ');
  return `${faults.length === 0 ? 'ok  ' : 'FAIL'} ${scenario.name} (${seconds.toFixed(0)} s): ${numbers}; MiB ${memories}${faults.map((fault) => `\n       ${fault}`).join('')}`;
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}
