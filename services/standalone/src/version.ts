import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** weir's version, as its package tells. */
export const version: string = (JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as { version: string }).version;
