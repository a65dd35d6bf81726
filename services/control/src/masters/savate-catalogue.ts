import type { CatalogueEntry } from './catalogue.ts';
import { asObject, parseObject } from './json.ts';

/** Reads the JSON status of a savate, whose `sources` are by path; null when it is none. */
export function readSavateStatus(text: string): readonly CatalogueEntry[] | null {
  const status = parseObject(text);
  const sources = asObject(status?.['sources']);
  if (sources === null || typeof status?.['total_clients_number'] !== 'number') return null;
  return Object.keys(sources).map((path) => ({ path, hops: 0 }));
}
