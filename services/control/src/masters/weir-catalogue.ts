import { statusVersion } from '@weir/telemetry';
import type { Mood } from '@weir/telemetry';
import type { Catalogue, CatalogueEntry } from './catalogue.ts';
import { asObject, asText, parseObject } from './json.ts';

/** Moods of a stream that somebody wants and does not get. */
const downMoods: ReadonlySet<unknown> = new Set<Mood>(['hungry', 'sad', 'ended', 'lost']);

/** Reads `/stat.json` of a weir; null when it is none, or of another version. */
export function readWeirStatus(text: string): Catalogue | null {
  const status = parseObject(text);
  if (status === null || status['name'] !== 'weir' || status['version'] !== statusVersion || !Array.isArray(status['streams'])) return null;
  return { deployment: asText(status['deployment']), entries: status['streams'].map(entryOf) };
}

function entryOf(value: unknown): CatalogueEntry {
  const stream = asObject(value);
  const via = asObject(stream?.['mirror'])?.['via'];
  return { path: asText(stream?.['path']), via: Array.isArray(via) ? via.map(asText) : [], isDown: downMoods.has(stream?.['mood']) };
}
