import type { CatalogueEntry } from './catalogue.ts';
import { asObject, asText, parseObject } from './json.ts';

/** A string of JSON as the value of `listenurl`. */
const listenUrls = /"listenurl"\s*:\s*"((?:[^"\\]|\\.){0,2000})"/g;

/**
 * Reads Icecast's `/status-json.xsl`; null when it is none. `source` is left out, an object or a list there, and titles of some
 * versions are no JSON (`"title": - ,`): then the URLs alone are looked for.
 */
export function readIcecastStatus(text: string): readonly CatalogueEntry[] | null {
  if (!/^\s*\{\s*"icestats"\s*:/.test(text)) return null;
  const stats = asObject(parseObject(text)?.['icestats']);
  const urls =
    stats === null
      ? [...text.matchAll(listenUrls)].map(([, url = '']) => url.replaceAll('\\/', '/'))
      : [stats['source'] ?? []].flat().map((source: unknown) => asText(asObject(source)?.['listenurl']));
  return urls.map((url) => ({ path: pathIn(url), hops: 0 }));
}

/** Reads Icecast's `/admin/streamlist.txt`, one mount a line; null when it is none. */
export function readStreamList(text: string): readonly CatalogueEntry[] | null {
  const paths = text.split(/\r?\n/).filter((line) => line !== '');
  return paths.length === 0 || paths[0]?.startsWith('/') === true ? paths.map((path) => ({ path, hops: 0 })) : null;
}

/** As it stands there: a URL library would resolve `..`. The host is what Icecast was told to be called, and of no use. */
function pathIn(url: string): string {
  return /^https?:\/\/[^/]*(\/.*)$/s.exec(url)?.[1] ?? url;
}
