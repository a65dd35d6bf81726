import { eventually } from '../../support/eventually.ts';
import type { Fleet, Producer } from '../fleet.ts';
import { pick } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';

/** Signals a program of weir's and waits until another one is in its place. */
async function replaced(fleet: Fleet, kind: 'feeds' | 'encoders', signal: NodeJS.Signals, which: (name: string) => boolean = () => true): Promise<void> {
  const candidates = (await fleet.producers())[kind].filter(({ name }) => which(name));
  const victim: Producer = pick(candidates, fleet.random);
  if (victim.pid === null) return;
  process.kill(victim.pid, signal);
  await eventually(`another one runs in place of ${victim.name}`, async () => (await fleet.producers())[kind].some(({ name, pid, mood }) => name === victim.name && pid !== victim.pid && mood === 'happy'), 60_000);
}

/** Of what weir runs: feeds' commands and encoders. */
export const commandScenarios: readonly Scenario[] = [
  {
    name: 'source-killed',
    explanation: 'the command of a feed gets SIGKILL',
    mayReconnect: 'nobody',
    run: (fleet) => replaced(fleet, 'feeds', 'SIGKILL'),
  },
  {
    name: 'source-frozen',
    explanation: 'the command of a feed freezes (SIGSTOP, and nobody lets it go on): it is replaced after `stall`, 10 s',
    mayReconnect: 'nobody',
    run: (fleet) => replaced(fleet, 'feeds', 'SIGSTOP'),
  },
  {
    name: 'encoder-killed',
    explanation: 'an encoder gets SIGKILL',
    mayReconnect: 'nobody',
    run: (fleet) => replaced(fleet, 'encoders', 'SIGKILL'),
  },
  {
    name: 'encoder-frozen',
    explanation: 'an encoder freezes: it is replaced after `stall`, 10 s',
    mayReconnect: 'nobody',
    run: (fleet) => replaced(fleet, 'encoders', 'SIGSTOP'),
  },
];
