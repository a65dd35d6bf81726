import { statusVersion } from '@weir/telemetry';
import type { CatalogueEntry } from './catalogue.ts';
import { asObject, asText, parseObject } from './json.ts';

/** Reads `/stat.json` of a weir; null when it is none, or of another version. */
export function readWeirStatus(text: string): readonly CatalogueEntry[] | null {
  const status = parseObject(text);
  if (status === null || status['name'] !== 'weir' || status['version'] !== statusVersion || !Array.isArray(status['streams'])) return null;
  return status['streams'].map((stream: unknown): CatalogueEntry => {
    const hops = asObject(asObject(stream)?.['mirror'])?.['hops'] ?? 0;
    return { path: asText(asObject(stream)?.['path']), hops: typeof hops === 'number' && hops >= 0 ? hops : Infinity };
  });
}
