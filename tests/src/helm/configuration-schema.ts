import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../support/checkout.ts';

/** What Helm's regular expressions (RE2) do not have: looking ahead and behind. */
const beyondHelm = /\(\?<?[=!]/;

/**
 * The schema of configuration files as the chart's values have it: without descriptions, and without the patterns that Helm could
 * not read. weir itself checks them.
 */
export function configurationSchema(): unknown {
  const { $schema: _, ...schema } = JSON.parse(readFileSync(join(checkout, 'deploy/examples/weir.schema.json'), 'utf8')) as Record<string, unknown>;
  return forHelm(schema);
}

function forHelm(value: unknown, inProperties = false): unknown {
  if (Array.isArray(value)) return value.map((each) => forHelm(each));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key, each]) => inProperties || (key !== 'description' && !(key === 'pattern' && beyondHelm.test(String(each)))));
  return Object.fromEntries(kept.map(([key, each]) => [key, forHelm(each, key === 'properties' && !inProperties)]));
}
