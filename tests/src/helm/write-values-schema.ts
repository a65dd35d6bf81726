// Puts the configuration's schema into that of the chart's values: `node tests/dist/helm/write-values-schema.js` after a key has changed.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chartFolder } from './chart.ts';
import { configurationSchema } from './configuration-schema.ts';

const path = join(chartFolder, 'values.schema.json');
const schema = JSON.parse(readFileSync(path, 'utf8')) as { definitions: Record<string, unknown> };
schema.definitions['configuration'] = configurationSchema();
writeFileSync(path, `${JSON.stringify(schema, null, 2)}\n`);
