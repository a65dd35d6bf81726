// node tests/dist/chaos/run.js [--only NAME] [--seed N] [--minutes N]: faults in a fleet of real processes, one by one and then at
// random. A whole run writes RELIABILITY.md; others only print. The exit code is 1 when something did not survive.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout } from '../support/checkout.ts';
import { randomOf } from '../support/random.ts';
import { Audience } from './audience.ts';
import { makeContents } from './content.ts';
import { Fleet } from './fleet.ts';
import { ChaosUsageError, readChaosOptions } from './options.ts';
import { tellTrial, writeReliability } from './report.ts';
import { pick } from './scenario.ts';
import type { Scenario } from './scenario.ts';
import { scenarios } from './scenarios/all.ts';
import { tryScenario } from './trial.ts';
import type { Trial } from './trial.ts';

/** Listeners, edges, and seconds of media before a source begins anew. */
const size = { listeners: 200, edges: 3, contentSeconds: 240 } as const;

// nats-server is in a folder that Debian has in the PATH of root alone.
process.env['PATH'] = `${process.env['PATH']}:/usr/local/sbin:/usr/sbin:/sbin`;

async function main(argv: readonly string[]): Promise<number> {
  const { only, seed, minutes } = readChaosOptions(argv, scenarios.map(({ name }) => name));
  const started = performance.now();
  const loadBefore = loadavg()[0] ?? 0;
  console.log(`seed ${seed}, load ${loadBefore.toFixed(1)}`);
  const folder = await mkdtemp(join(tmpdir(), 'weir-chaos-'));
  const random = randomOf(seed);
  const contents = await makeContents(folder, size.contentSeconds);
  const fleet = await Fleet.start({ folder, contents, edges: size.edges, transcodes: true, random });
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => reject(new Error(`interrupted by ${signal}`)));
  });
  // Heeded in between.
  interrupted.catch(() => {});
  const audience = await Audience.begin({ streams: fleet.streams, edges: fleet.edgeUrls, count: size.listeners });
  const attempt = async (scenario: Scenario, into: Trial[]): Promise<void> => {
    const trial = await Promise.race([tryScenario(scenario, fleet, audience), interrupted]);
    console.log(tellTrial(trial));
    into.push(trial);
    if (trial.faults.length > 0 || only !== null) await keepOutput(fleet, scenario.name);
  };
  const [trials, chosen, left]: [Trial[], Trial[], string[]] = [[], [], []];
  try {
    for (const scenario of scenarios.filter(({ name }) => only === null || name === only)) {
      const lacks = scenario.lacks?.() ?? null;
      if (lacks === null) await attempt(scenario, trials);
      else left.push(`${scenario.name}: this machine has no ${lacks}`);
    }
    const candidates = scenarios.filter(({ lacks }) => (lacks?.() ?? null) === null);
    const end = performance.now() + (only === null ? minutes * 60_000 : 0);
    while (performance.now() < end) await attempt(pick(candidates, random), chosen);
  } finally {
    await audience.leave();
    await fleet.close();
    await rm(folder, { recursive: true, force: true });
  }
  const streams = fleet.streams.map(({ path }) => path.slice(1));
  const seconds = (performance.now() - started) / 1000;
  const page = writeReliability({ seed, minutes, edges: size.edges, listeners: size.listeners, streams, trials, random: chosen, left, load: [loadBefore, loadavg()[0] ?? 0], seconds });
  if (only === null) await writeFile(join(checkout, 'RELIABILITY.md'), page);
  console.log(only === null ? 'RELIABILITY.md is written' : `\n${page}`);
  return [...trials, ...chosen].every(({ faults }) => faults.length === 0) ? 0 : 1;
}

/** What all services have said, for whoever looks for the reason. */
async function keepOutput({ services, nats }: Fleet, name: string): Promise<void> {
  const file = join(tmpdir(), `weir-chaos-${name}.log`);
  const said = [...services.map((service) => `=== ${service.name}\n${service.output.slice(-100_000)}`), ...nats.nodes.map(({ log }, index) => `=== nats ${index}\n${log.slice(-50_000)}`)];
  await writeFile(file, said.join('\n'));
  console.log(`       what they said: ${file}`);
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof ChaosUsageError ? error.message : error);
  process.exit(1);
}
