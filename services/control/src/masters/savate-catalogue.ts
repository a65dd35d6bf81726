import { plainCatalogue } from './catalogue.ts';
import type { Catalogue } from './catalogue.ts';
import { asObject, parseObject } from './json.ts';

/** Reads the JSON status of a savate, whose `sources` are by path; null when it is none. */
export function readSavateStatus(text: string): Catalogue | null {
  const status = parseObject(text);
  const sources = asObject(status?.['sources']);
  return sources === null || typeof status?.['total_clients_number'] !== 'number' ? null : plainCatalogue(Object.keys(sources));
}
