/** What stands in a log for a secret. */
export const mask = '***';

/** How much of one value is written, in UTF-16 units; what is longer ends with the number of units left out. */
const textUnitsMax = 8192;
const depthMax = 4;
const entriesMax = 1000;
const causesMax = 10;

const secretWords = new Set(
  'password passwd passphrase pass pwd token tokens secret secrets key keys apikey authorization credential credentials cookie signature'.split(' '),
);

/** `scheme://user:password@host`, up to the last at sign before the path. */
const urlCredentials = /:\/\/[^\s/?#"<>]*@/g;
/** `password=...`, in a query string or elsewhere, whatever comes before the word. */
const assignments = /(password|passwd|passphrase|pass|pwd|token|secret|key|signature|sig)=[^\s&;,"']+/gi;
const authorization = /(authorization["']?\s*[:=]\s*["']?(?:(?:basic|bearer|digest)\s+)?)[^\s"',]+/gi;

/** True for a field name with a word in it that names a secret: `password`, `sourcePassword`, `api-key`; not `keyframes`. */
export function isSecretName(name: string): boolean {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .some((word) => secretWords.has(word));
}

/** The text with the credentials of URLs, `password=...` and authorization headers masked, cut at 8192 units. */
export function maskText(text: string): string {
  const masked = text
    .replace(urlCredentials, `://${mask}@`)
    .replace(assignments, `$1=${mask}`)
    .replace(authorization, `$1${mask}`);
  return masked.length <= textUnitsMax ? masked : `${masked.slice(0, textUnitsMax)}…+${masked.length - textUnitsMax}`;
}

/** What JSON can write, and undefined. */
export type Plain = string | number | boolean | null | undefined | readonly Plain[] | { readonly [name: string]: Plain };

/** How much of a value may still be copied: a log line must not walk a whole object graph. */
interface Budget {
  entries: number;
}

/**
 * A copy of the fields fit for a log: those with a secret name masked, credentials in any text masked, errors as their
 * messages with their causes, bytes as their number, big integers as text. At most 4 levels and 1000 entries in all.
 */
export function maskFields(fields: object): { readonly [name: string]: Plain } {
  return copyFields(fields, 1, { entries: entriesMax });
}

function copyValue(value: unknown, depth: number, budget: Budget): Plain {
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === undefined || value === null) return value;
  if (typeof value === 'bigint' || typeof value === 'symbol') return maskText(String(value));
  if (typeof value !== 'object') return typeof value;
  if (value instanceof Error) return maskText(describeError(value, depth));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (value instanceof URL) return maskText(value.href);
  if (ArrayBuffer.isView(value)) return `${value.byteLength} bytes`;
  const isList = Array.isArray(value) || value instanceof Set;
  if (depth > depthMax) return isList ? '[...]' : '{...}';
  if (isList) return copyList([...value], depth, budget);
  return copyFields(value instanceof Map ? Object.fromEntries(value) : value, depth, budget);
}

function copyList(items: readonly unknown[], depth: number, budget: Budget): Plain[] {
  const taken = take(items, budget);
  const list = taken.map((item, index) => {
    const before = taken[index - 1];
    const followsSecretOption = typeof before === 'string' && before.startsWith('-') && isSecretName(before);
    return followsSecretOption ? mask : copyValue(item, depth + 1, budget);
  });
  if (taken.length < items.length) list.push(`+${items.length - taken.length}`);
  return list;
}

/** Null, undefined and booleans give nothing away, whatever their name. */
function copyFields(fields: object, depth: number, budget: Budget): { [name: string]: Plain } {
  const entries = Object.entries(fields);
  const taken = take(entries, budget);
  const copies = taken.map(([name, value]: [string, unknown]): [string, Plain] => {
    const harmless = value === null || value === undefined || typeof value === 'boolean';
    return [name, !harmless && isSecretName(name) ? mask : copyValue(value, depth + 1, budget)];
  });
  if (taken.length < entries.length) copies.push(['...', `+${entries.length - taken.length}`]);
  return Object.fromEntries(copies);
}

function take<T>(items: readonly T[], budget: Budget): readonly T[] {
  const taken = items.slice(0, budget.entries);
  budget.entries -= taken.length;
  return taken;
}

function describeError(error: Error, depth: number): string {
  const words = error.message === '' ? error.name : error.message;
  if (depth > depthMax) return words;
  const causes: unknown[] = error instanceof AggregateError ? error.errors.slice(0, causesMax) : error.cause === undefined ? [] : [error.cause];
  return [words, ...causes.map((cause) => (cause instanceof Error ? describeError(cause, depth + 1) : String(cause)))].join(': ');
}
