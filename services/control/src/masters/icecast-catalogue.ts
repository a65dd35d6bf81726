import { plainCatalogue } from './catalogue.ts';
import type { Catalogue } from './catalogue.ts';
import { asObject, asText, parseObject } from './json.ts';

/** A string of JSON as the value of `listenurl`. */
const listenUrls = /"listenurl"\s*:\s*"((?:[^"\\]|\\.){0,2000})"/g;

/**
 * Reads Icecast's `/status-json.xsl`; null when it is none. `source` is left out, an object or a list there. Without sources, and
 * with some titles, Icecast 2.4 writes what is no JSON (`{"icestats":"server_start_...`, `"title": - ,`): then the URLs alone are
 * looked for.
 */
export function readIcecastStatus(text: string): Catalogue | null {
  if (!/^\s*\{\s*"icestats"\s*:/.test(text)) return null;
  const stats = asObject(parseObject(text)?.['icestats']);
  const urls =
    stats === null
      ? [...text.matchAll(listenUrls)].map(([, url = '']) => url.replaceAll('\\/', '/'))
      : [stats['source'] ?? []].flat().map((source: unknown) => asText(asObject(source)?.['listenurl']));
  return plainCatalogue(urls.map(pathIn));
}

/** As it stands there: a URL library would resolve `..`. The host is what Icecast was told to be called, and of no use. */
function pathIn(url: string): string {
  return /^https?:\/\/[^/]*(\/.*)$/s.exec(url)?.[1] ?? url;
}
