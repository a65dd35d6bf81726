import { dirname, resolve } from 'node:path';

/** Where something is written. Lines and columns count from 1; line 0 means the file as a whole. */
export interface Place {
  /** As the user named it: relative paths stay relative. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `weir.yml:14:5`, or the bare file name for a file as a whole. */
export function formatPlace(place: Place): string {
  return place.line === 0 ? place.file : `${place.file}:${place.line}:${place.column}`;
}

/** The file as a whole. */
export function wholeFile(file: string): Place {
  return { file, line: 0, column: 0 };
}

/** A relative path as seen from the file that it is written in; absolute. */
export function pathBeside({ file }: Place, path: string): string {
  return resolve(dirname(file), path);
}
