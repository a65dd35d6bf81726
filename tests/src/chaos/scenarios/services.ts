import { eventually, pause } from '../../support/eventually.ts';
import type { Fleet } from '../fleet.ts';
import type { Scenario } from '../scenario.ts';
import type { Service } from '../service.ts';

/** Seconds that an orchestrator takes to start again what has died. */
const restartMillis = 3000;

async function killed(service: Service): Promise<void> {
  await service.end();
  await pause(restartMillis);
  await service.start();
}

async function stopped(service: Service, seconds: number): Promise<void> {
  service.signal('SIGSTOP');
  await pause(seconds * 1000);
  service.signal('SIGCONT');
}

async function owning(fleet: Fleet): Promise<Service> {
  const [first] = await fleet.ingestsByWork();
  if (first === undefined) throw new Error('there is no ingest');
  return first;
}

/** An ingest that runs nothing: once the others have it all, nothing comes back by itself. */
async function idle(fleet: Fleet): Promise<Service> {
  const last = async (): Promise<Service | undefined> => (await fleet.ingestsByWork()).at(-1);
  const service = await last();
  if (service === undefined) throw new Error('there is no ingest');
  const { feeds } = await fleet.producers();
  if (feeds.some(({ owner }) => owner === service.name)) {
    await service.end('SIGTERM');
    await service.start();
    await eventually('it runs nothing', async () => (await fleet.producers()).feeds.every(({ owner }) => owner !== service.name));
  }
  return service;
}

function edgeOf(fleet: Fleet): { readonly edge: Service; readonly number: number } {
  const number = fleet.anyEdge();
  const edge = fleet.edges[number];
  if (edge === undefined) throw new Error('there is no edge');
  return { edge, number };
}

/** Of ingests, edges and control: killed, stopped and ended. */
export const serviceScenarios: readonly Scenario[] = [
  {
    name: 'ingest-killed',
    explanation: 'the ingest that runs most feeds gets SIGKILL and is started again 3 s later; another takes over when its leases have run out',
    mayReconnect: 'nobody',
    run: async (fleet) => killed(await owning(fleet)),
  },
  {
    name: 'ingest-idle-killed',
    explanation: 'an ingest that runs nothing gets SIGKILL',
    mayReconnect: 'nobody',
    prepare: async (fleet) => void (await idle(fleet)),
    run: async (fleet) => killed(await idle(fleet)),
  },
  {
    name: 'ingest-blocked',
    explanation: 'the ingest that runs most feeds does nothing for 2 s (SIGSTOP, then SIGCONT), as with a blocked event loop',
    mayReconnect: 'nobody',
    run: async (fleet) => stopped(await owning(fleet), 2),
  },
  {
    name: 'ingest-stopped',
    explanation: 'the ingest that runs most feeds is stopped for 12 s: another takes over, and what comes back finds itself deposed',
    mayReconnect: 'nobody',
    run: async (fleet) => stopped(await owning(fleet), 12),
  },
  {
    name: 'ingest-drained',
    explanation: 'the ingest that runs most feeds gets SIGTERM, as in an upgrade, and hands over',
    mayReconnect: 'nobody',
    run: async (fleet) => {
      const ingest = await owning(fleet);
      const code = await ingest.end('SIGTERM');
      await ingest.start();
      return { faults: code === 0 ? [] : [`it ended with ${code}`] };
    },
  },
  {
    name: 'edge-killed',
    explanation: 'an edge gets SIGKILL; its listeners ask the next one, and the others notice nothing',
    mayReconnect: 'listeners of the edge',
    run: async (fleet) => {
      const { edge, number } = edgeOf(fleet);
      await killed(edge);
      return { edgesEnded: [number] };
    },
  },
  {
    name: 'edge-blocked',
    explanation: 'an edge does nothing for 2 s',
    mayReconnect: 'nobody',
    run: async (fleet) => stopped(edgeOf(fleet).edge, 2),
  },
  {
    name: 'edge-stopped',
    explanation: 'an edge is stopped for 8 s',
    mayReconnect: 'nobody',
    run: async (fleet) => stopped(edgeOf(fleet).edge, 8),
  },
  {
    name: 'edge-drained',
    explanation: 'an edge gets SIGTERM and sends its listeners elsewhere over 5 s',
    mayReconnect: 'listeners of the edge',
    run: async (fleet) => {
      const { edge, number } = edgeOf(fleet);
      const code = await edge.end('SIGTERM');
      await edge.start();
      return { edgesEnded: [number], faults: code === 0 ? [] : [`it ended with ${code}`] };
    },
  },
  {
    name: 'control-killed',
    explanation: 'control gets SIGKILL',
    mayReconnect: 'nobody',
    run: ({ control }) => killed(control),
  },
  {
    name: 'control-stopped',
    explanation: 'control is stopped for 12 s',
    mayReconnect: 'nobody',
    run: ({ control }) => stopped(control, 12),
  },
];
