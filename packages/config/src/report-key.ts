import { entriesOf, entryOf, report } from './tree.ts';
import type { FormatName } from '@weir/media';
import type { Path, Problems } from './problem.ts';
import type { Entry } from './tree.ts';

/** Reports `block_bytes` where nothing is cut by it. */
export function checkBlocks(entry: Entry, format: FormatName | null, path: Path, problems: Problems): void {
  if (format !== 'raw') reportKey(entry, 'block_bytes', path, 'counts only with format: raw', problems);
}

/** Reports a problem of one key of a feed or stream, at the key; nothing if the key is not there. */
export function reportKey(entry: Entry, key: string, path: Path, message: string, problems: Problems): void {
  const found = entryOf(entry.value, key);
  if (found !== undefined) report(problems, found.key, [...path, key], message);
}

/** Reports what a feed or stream lacks, where it is written; nothing if one of its keys may be a misspelling of it. */
export function reportMissing(entry: Entry, known: readonly string[], path: Path, message: string, problems: Problems): void {
  if ([...entriesOf(entry.value).keys()].some((key) => !known.includes(key))) return;
  problems.add(entry.key.filled?.place ?? entry.key.place, path, message);
}
