import { createHash } from 'node:crypto';

/** A hash of a resolved feed or stream that changes with its content alone, not with the order of its keys. */
export function hashOf(entity: object): string {
  return createHash('sha256').update(JSON.stringify(entity, sortKeys)).digest('hex');
}

function sortKeys(_key: string, value: unknown): unknown {
  const sortable = typeof value === 'object' && value !== null && !Array.isArray(value);
  return sortable ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;
}
