import { isCount, isKey, isWriter, readVersion } from './heard-version.ts';
import type { HeardVersion } from './heard-version.ts';
import { mentionedMax } from './limits.ts';

/** What the copies of a heard bucket tell each other; `from` is the bucket that sends it. */
export type HeardMessage =
  /** So it stands, since `ageMillis`. From its writer: it is alive. */
  | { readonly is: 'entry'; readonly from: string; readonly version: HeardVersion; readonly ageMillis: number; readonly value: Uint8Array }
  /** The sender takes the key unless somebody objects, from the holder at revision `over`; 0: from nobody. */
  | { readonly is: 'claim'; readonly from: string; readonly version: HeardVersion; readonly over: number; readonly value: Uint8Array }
  /** What is there? */
  | { readonly is: 'ask'; readonly from: string }
  /** This is there, to be fetched from the sender. */
  | { readonly is: 'mention'; readonly from: string; readonly versions: readonly HeardVersion[] }
  /** Send these entries. */
  | { readonly is: 'fetch'; readonly from: string; readonly keys: readonly string[] };

const newline = 0x0a;
const nothing = new Uint8Array(0);

/** One line of JSON, and after it the value as it is. */
export function encodeHeard(message: HeardMessage): Uint8Array {
  const { value, ...header } = { value: nothing, ...message };
  return Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), value]);
}

/** Null for what is none of ours. The value is a copy, since it is kept for longer than the buffer it came in. */
export function decodeHeard(payload: Uint8Array): HeardMessage | null {
  const end = payload.indexOf(newline);
  const header = end < 0 ? null : parse(payload.subarray(0, end));
  if (header === null || !isWriter(header['from'])) return null;
  const { is, from } = header;
  switch (is) {
    case 'entry':
    case 'claim': {
      const version = readVersion(header['version']);
      const value = new Uint8Array(payload.subarray(end + 1));
      if (version === null) return null;
      if (is === 'entry') return isCount(header['ageMillis']) ? { is, from, version, ageMillis: header['ageMillis'], value } : null;
      return isCount(header['over']) ? { is, from, version, over: header['over'], value } : null;
    }
    case 'ask':
      return { is, from };
    case 'mention': {
      const versions = listOf(header['versions'], (each) => readVersion(each));
      return versions === null ? null : { is, from, versions };
    }
    case 'fetch': {
      const keys = listOf(header['keys'], (each) => (typeof each === 'string' && isKey(each) ? each : null));
      return keys === null ? null : { is, from, keys };
    }
    default:
      return null;
  }
}

function parse(line: Uint8Array): Record<string, unknown> | null {
  try {
    const header: unknown = JSON.parse(Buffer.from(line).toString());
    return typeof header === 'object' && header !== null ? (header as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Null unless each is what `read` takes. */
function listOf<T>(list: unknown, read: (each: unknown) => T | null): T[] | null {
  if (!Array.isArray(list) || list.length > mentionedMax) return null;
  const all = list.map((each: unknown) => read(each));
  return all.every((each) => each !== null) ? (all as T[]) : null;
}
