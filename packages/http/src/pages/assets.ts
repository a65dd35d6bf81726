import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file the pages ask for. */
export interface PageAsset {
  readonly contentType: string;
  readonly body: Buffer;
  /** Its URL names its content, so that browsers may keep it for ever. */
  readonly immutable: boolean;
}

const script = 'text/javascript; charset=utf-8';
const folder = join(import.meta.dirname, '../../pages');
const mpegtsFile = fileURLToPath(import.meta.resolve('mpegts.js'));
const mpegts = readFileSync(mpegtsFile);

/** The URL path of mpegts.js: another one for other bytes. */
export const mpegtsPath: string = `/assets/mpegts-${createHash('sha256').update(mpegts).digest('hex').slice(0, 16)}.js`;

function load(file: string, contentType: string): [path: string, asset: PageAsset] {
  return [`/assets/${file}`, { contentType, body: readFileSync(join(folder, file)), immutable: false }];
}

/** Everything the pages ask for, by URL path, read once at start: no request ever names a file. */
export const pageAssets: ReadonlyMap<string, PageAsset> = new Map([
  load('weir.css', 'text/css; charset=utf-8'),
  load('copy.js', script),
  load('stat.js', script),
  load('play.js', script),
  load('weir.svg', 'image/svg+xml'),
  load('sound.svg', 'image/svg+xml'),
  load('picture.svg', 'image/svg+xml'),
  ['/assets/mpegts.js.LICENSE.txt', { contentType: 'text/plain; charset=utf-8', body: readFileSync(`${mpegtsFile}.LICENSE.txt`), immutable: false }],
  [mpegtsPath, { contentType: script, body: mpegts, immutable: true }],
]);
