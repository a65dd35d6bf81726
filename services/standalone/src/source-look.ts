import { statSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';

/** How files and directories stood at one moment, by path: which file it is, behind all links, how long, and when it changed. */
export type Look = ReadonlyMap<string, string>;

/** Looks at each path; what is not there is part of the picture. A directory changes when a file comes or goes in it. */
export function lookAt(paths: Iterable<string>): Look {
  return new Map([...paths].map((path) => [path, stateOf(path)]));
}

/** Whether nothing has changed between two looks. */
export function sameLook(a: Look, b: Look): boolean {
  return a.size === b.size && [...a].every(([path, state]) => b.get(path) === state);
}

/** The first path that can be read but once, such as a pipe that a shell made for `<(...)`; null when there is none. */
export function readOnceIn(paths: Iterable<string>): string | null {
  for (const path of paths) {
    const stat = statOf(path);
    if (typeof stat !== 'string' && !stat.isFile() && !stat.isDirectory()) return path;
  }
  return null;
}

/** The time of the inode's last change stands for what an editor does that keeps size and time of writing. */
function stateOf(path: string): string {
  const stat = statOf(path);
  return typeof stat === 'string' ? stat : `${stat.dev} ${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`;
}

/** The error's code when there is nothing to see. */
function statOf(path: string): BigIntStats | string {
  try {
    return statSync(path, { bigint: true });
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}
