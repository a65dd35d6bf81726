import { formatPlace } from './place.ts';
import { check } from './schema/check.ts';
import { mastersSchema } from './schema/master.ts';
import { report } from './tree.ts';
import type { MasterConfiguration } from './configuration.ts';
import type { Place } from './place.ts';
import type { Problems } from './problem.ts';
import type { Entry } from './tree.ts';

/** The masters of all files, in their order. Those with problems, which are then in `problems`, are left out. */
export function resolveMasters(entries: readonly Entry[], problems: Problems): readonly MasterConfiguration[] {
  const masters: MasterConfiguration[] = [];
  const places = new Map<string, Place>();
  for (const { key, value } of entries) {
    const written = check(mastersSchema, value, ['masters'], problems, key) ?? [];
    for (const [index, { url, paths, prefix, refresh, active }] of written.entries()) {
      const master = { url: url.replace(/\/+$/, ''), paths, prefix: prefix === '/' ? '' : prefix, refreshMillis: refresh, active };
      const tree = value.kind === 'sequence' ? (value.items[index] ?? value) : value;
      const place = places.get(`${master.url} ${master.prefix}`);
      if (place !== undefined) report(problems, tree, ['masters', index], `this master is already at ${formatPlace(place)}: give it all paths there, or another prefix here`);
      places.set(`${master.url} ${master.prefix}`, tree.place);
      masters.push(master);
    }
  }
  return masters;
}
