import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file the pages ask for. */
export interface PageAsset {
  readonly contentType: string;
  readonly body: Buffer;
}

const folder = join(import.meta.dirname, '../../pages');

function load(file: string, contentType: string): [path: string, asset: PageAsset] {
  return [`/assets/${file}`, { contentType, body: readFileSync(join(folder, file)) }];
}

/** Everything the pages ask for, by URL path, read once at start: no request ever names a file. */
export const pageAssets: ReadonlyMap<string, PageAsset> = new Map([
  load('weir.css', 'text/css; charset=utf-8'),
  load('stat.js', 'text/javascript; charset=utf-8'),
  load('weir.svg', 'image/svg+xml'),
]);
