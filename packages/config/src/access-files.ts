import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { parseHtpasswd } from './htpasswd.ts';
import { parseLinkKeys } from './link-keys.ts';
import { pathBeside } from './place.ts';
import { quote } from './problem.ts';
import { entryOf, report } from './tree.ts';
import type { Path, Problems } from './problem.ts';
import type { Tree } from './tree.ts';

/** Bytes of a file: some five thousand users. The published configuration carries it. */
const fileBytesMax = 512 * 1024;

/** What files with users and keys hold, each read once however many streams name it. */
export class AccessFiles {
  readonly htpasswd: Map<string, Readonly<Record<string, string>>> = new Map();
  readonly keys: Map<string, readonly string[]> = new Map();
  readonly #problems: Problems;

  constructor(problems: Problems) {
    this.#problems = problems;
  }

  /** The absolute path of an htpasswd file that stands under `key`; what is wrong with it is in the problems, with its own place. */
  readHtpasswd(tree: Tree, key: string, path: Path): string {
    return this.#read(tree, key, path, this.htpasswd, (file, text) => {
      const { users, faults } = parseHtpasswd(text);
      for (const { line, why } of faults) this.#problems.add({ file, line, column: 1 }, [], why);
      return Object.fromEntries(users);
    });
  }

  /** The same for a file with keys. */
  readKeys(tree: Tree, key: string, path: Path): string {
    return this.#read(tree, key, path, this.keys, (file, text) => {
      const { keys, fault } = parseLinkKeys(text);
      if (fault !== null) this.#problems.add({ file, line: 0, column: 0 }, [], fault);
      return keys;
    });
  }

  #read<T>(tree: Tree, key: string, path: Path, known: Map<string, T>, parse: (file: string, text: string) => T): string {
    const value = entryOf(tree, key)?.value;
    if (value?.kind !== 'scalar') return '';
    const file = pathBeside(value.place, value.text);
    if (known.has(file)) return file;
    const text = readBounded(file);
    if (typeof text === 'string') known.set(file, parse(file, text));
    else report(this.#problems, value, [...path, key], `${quote(value.text)}: ${text.why}`);
    return file;
  }
}

function readBounded(file: string): string | { readonly why: string } {
  try {
    const bytes = readFileSync(file);
    if (bytes.length > fileBytesMax) return { why: `it has more than ${fileBytesMax / 1024} KiB` };
    return isUtf8(bytes) ? bytes.toString() : { why: 'it is no UTF-8 text' };
  } catch (error) {
    return { why: error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : 'it cannot be read' };
  }
}
