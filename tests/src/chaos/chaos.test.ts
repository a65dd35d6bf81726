import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { randomOf } from '../support/random.ts';
import { Audience } from './audience.ts';
import { makeContents } from './content.ts';
import { Fleet } from './fleet.ts';
import { tellTrial } from './report.ts';
import { scenarios } from './scenarios/all.ts';
import { tryScenario } from './trial.ts';

/** A few that are quick and unlike each other; `npm run chaos` runs all. */
const chosen = ['ingest-killed', 'nats-leases-leader-restarted', 'edge-cut', 'edge-killed'];

/** Milliseconds between two looks at who plays: all of them get something ten times a second. */
const lookMillis = 1000;

describe('a fleet over three servers of NATS', () => {
  let folder: string;
  let fleet: Fleet;
  let audience: Audience;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weir-chaos-'));
    const contents = await makeContents(folder, 60, ['ts', 'mp3', 'ogg']);
    fleet = await Fleet.start({ folder, contents, edges: 2, transcodes: false, random: randomOf(1) });
    audience = await Audience.begin({ streams: fleet.streams, edges: fleet.edgeUrls, count: 24 });
  });
  after(async () => {
    await audience?.leave();
    await fleet?.close();
    await rm(folder, { recursive: true, force: true });
  });

  for (const name of chosen) {
    const scenario = scenarios.find((each) => each.name === name);
    assert.ok(scenario !== undefined, `there is no scenario ${name}`);
    it(`survives ${name}: ${scenario.mayReconnect === 'nobody' ? 'nobody reconnects' : 'only listeners of that edge reconnect'}, all play again, and nothing is left over`, async (t) => {
      const trial = await tryScenario(scenario, fleet, audience, lookMillis);
      t.diagnostic(tellTrial(trial));
      assert.deepEqual(trial.faults, [], fleet.services.map((service) => `=== ${service.name}\n${service.output.slice(-2000)}`).join('\n'));
    });
  }

  it('runs nothing any more when nobody listens', async () => {
    await audience.leave();
    await eventually(`nothing runs: ${fleet.commands().join('\n')}`, () => fleet.commands().length === 0, 60_000);
  });
});
