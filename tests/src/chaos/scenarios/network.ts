import { pause } from '../../support/eventually.ts';
import { StayingListener } from '../../support/listeners.ts';
import type { LineState } from '../../support/line.ts';
import type { Fleet } from '../fleet.ts';
import type { Scenario } from '../scenario.ts';
import type { Service } from '../service.ts';

/** Bytes a second that an edge of the fleet's small streams cannot live on. */
const slowBytesPerSecond = 4000;

async function disturbed(service: Service | undefined, state: LineState, seconds: number): Promise<void> {
  if (service === undefined) throw new Error('there is no such service');
  for (const line of service.lines) line.set(state);
  await pause(seconds * 1000);
  for (const line of service.lines) line.mend();
}

const disturbances: readonly { readonly state: LineState; readonly seconds: number; readonly says: string }[] = [
  { state: { is: 'cut' }, seconds: 8, says: 'is cut off from NATS for 8 s: connections are reset' },
  { state: { is: 'refused' }, seconds: 8, says: 'is refused by NATS for 8 s' },
  { state: { is: 'stalled' }, seconds: 15, says: 'gets nothing through to NATS, nor from it, for 15 s, and nobody tells it' },
  { state: { is: 'slow', bytesPerSecond: slowBytesPerSecond }, seconds: 12, says: 'has 4 kB/s to and from NATS for 12 s' },
];

/** While somebody at an edge listens to a stream so large that what NATS and the kernel hold for the edge is full within seconds. */
async function withHeavyStream({ edgeUrls }: Fleet, edge: number, during: () => Promise<void>): Promise<void> {
  const listener = StayingListener.listen(`${edgeUrls[edge]}/heavy`);
  await pause(3000);
  await during();
  await pause(1000);
  listener.leave();
}

/** Of the ways between services and NATS. */
export const networkScenarios: readonly Scenario[] = [
  ...disturbances.flatMap(({ state, seconds, says }): Scenario[] => [
    {
      name: `edge-${state.is}`,
      explanation: `an edge ${says}`,
      mayReconnect: 'nobody',
      run: (fleet) => disturbed(fleet.edges[fleet.anyEdge()], state, seconds),
    },
    {
      name: `ingest-${state.is}`,
      explanation: `the ingest that runs most feeds ${says}`,
      mayReconnect: 'nobody',
      run: async (fleet) => disturbed((await fleet.ingestsByWork())[0], state, seconds),
    },
  ]),
  {
    name: 'slow-consumer-stopped',
    explanation: 'an edge that takes 24 Mbit/s more is stopped for 10 s: longer than the write deadline of NATS, which ends its connections',
    mayReconnect: 'nobody',
    run: async (fleet) => {
      const number = fleet.anyEdge();
      const edge = fleet.edges[number];
      await withHeavyStream(fleet, number, async () => {
        edge?.signal('SIGSTOP');
        await pause(10_000);
        edge?.signal('SIGCONT');
      });
    },
  },
  {
    name: 'slow-consumer-line',
    explanation: 'an edge that takes 24 Mbit/s more has 1 Mbit/s to and from NATS for 10 s',
    mayReconnect: 'nobody',
    run: async (fleet) => {
      const number = fleet.anyEdge();
      await withHeavyStream(fleet, number, () => disturbed(fleet.edges[number], { is: 'slow', bytesPerSecond: 125_000 }, 10));
    },
  },
];
