#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const main = join(import.meta.dirname, '../dist/main.js');
if (!existsSync(main)) {
  process.stderr.write('weir: this checkout is not built yet: run `npm run setup` in it first\n');
  process.exit(1);
}
await import(main);
