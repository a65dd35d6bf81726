import { plainCatalogue } from './catalogue.ts';
import type { Catalogue } from './catalogue.ts';

/** Reads a list of paths, one a line, as Icecast's `/admin/streamlist.txt` is and as any server can have it; null when it is none. */
export function readPathList(text: string): Catalogue | null {
  const paths = text.split(/\r?\n/).filter((line) => line !== '');
  return paths.every((path) => path.startsWith('/')) ? plainCatalogue(paths) : null;
}
