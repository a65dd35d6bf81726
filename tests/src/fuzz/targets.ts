import { busTargets } from './targets/bus.ts';
import { configurationTargets } from './targets/configuration.ts';
import { framerTargets } from './targets/framers.ts';
import { httpTargets } from './targets/http.ts';
import { queryTargets } from './targets/queries.ts';
import { relayTargets } from './targets/relays.ts';
import type { FuzzTarget } from './target.ts';

/** Everything that is fuzzed, by name. */
export const targets: ReadonlyMap<string, FuzzTarget> = new Map(
  [...framerTargets, ...httpTargets, ...relayTargets, ...busTargets, ...configurationTargets, ...queryTargets].map((target) => [target.name, target]),
);

/** @throws RangeError for a name that is none */
export function targetNamed(name: string): FuzzTarget {
  const target = targets.get(name);
  if (target === undefined) throw new RangeError(`nothing called "${name}" is fuzzed`);
  return target;
}
