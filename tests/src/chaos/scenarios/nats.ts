import { pause } from '../../support/eventually.ts';
import type { NatsServer } from '../../support/nats-server.ts';
import { pick } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';

/** Milliseconds that a server is away. */
const awayMillis = 4000;

async function restarted(node: NatsServer): Promise<void> {
  await node.kill();
  await pause(awayMillis);
  await node.resume();
}

/** Of the servers in between. */
export const natsScenarios: readonly Scenario[] = [
  {
    name: 'nats-node-restarted',
    explanation: 'each server of NATS in turn gets SIGKILL and is back 4 s later',
    mayReconnect: 'nobody',
    run: async ({ nats }) => {
      for (const node of nats.nodes) {
        await restarted(node);
        await nats.elected();
        await pause(3000);
      }
    },
  },
  {
    name: 'nats-leases-leader-restarted',
    explanation: 'the server of NATS that leads the bucket of leases gets SIGKILL and is back 4 s later',
    mayReconnect: 'nobody',
    run: async ({ nats }) => restarted(await nats.leader('weir_leases')),
  },
  {
    name: 'nats-leader-restarted',
    explanation: 'the server of NATS that leads JetStream gets SIGKILL and is back 4 s later',
    mayReconnect: 'nobody',
    run: async ({ nats }) => restarted(await nats.leader()),
  },
  {
    name: 'nats-node-stopped',
    explanation: 'a server of NATS is stopped for 20 s: its clients have to find out by themselves',
    mayReconnect: 'nobody',
    run: async ({ nats, random }) => {
      const node = pick(nats.nodes, random);
      node.signal('SIGSTOP');
      await pause(20_000);
      node.signal('SIGCONT');
    },
  },
  {
    name: 'nats-all-restarted',
    explanation: 'all servers of NATS get SIGKILL at once and are back 4 s later',
    mayReconnect: 'nobody',
    run: async ({ nats }) => {
      await Promise.all(nats.nodes.map((node) => restarted(node)));
      await nats.elected();
    },
  },
];
