import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { readDocument } from './document.ts';
import { wholeFile } from './place.ts';
import { quote } from './problem.ts';
import { entryOf } from './tree.ts';
import type { SourceFile } from './collect.ts';
import type { Environment } from './environment.ts';
import type { Place } from './place.ts';
import type { Path, Problems } from './problem.ts';
import type { Tree } from './tree.ts';

/** A configuration of tens of thousands of streams stays below this. */
const fileBytesMax = 8 * 1024 * 1024;
const filesMax = 1000;

/** Where a file or directory is asked for: the command line, or an `include`. */
interface Asked {
  readonly place: Place;
  readonly path: Path;
  /** The files whose includes lead here, outermost first. */
  readonly chain: readonly string[];
}

/** Reads configuration files with what they include, each file once however often it is named. */
export class FileReader {
  /** In the order of the reading: a file comes before what it includes. */
  readonly files: SourceFile[] = [];
  /** Files and directories whose change may change the configuration. */
  readonly watched: string[] = [];
  /** False once something could not be read. */
  complete = true;
  readonly #environment: Environment;
  readonly #problems: Problems;
  /** Real paths of files, and their names in messages. */
  readonly #seen = new Map<string, string>();

  constructor(environment: Environment, problems: Problems) {
    this.#environment = environment;
    this.#problems = problems;
  }

  /** Reads a file, or the configuration files of a directory, in alphabetical order. */
  readPath(path: string): void {
    this.#read(path, { place: wholeFile(path), path: [], chain: [] });
  }

  /** Takes a text as a file of this name; includes are looked up beside it. */
  readText(text: string, file: string): void {
    this.#take(text, file, [file]);
  }

  #read(path: string, asked: Asked): void {
    try {
      if (!statSync(path).isDirectory()) {
        this.#readFile(path, asked);
        return;
      }
      this.watched.push(path);
      const names = readdirSync(path).filter(isConfigurationName).sort();
      if (names.length === 0) this.#fail(asked, path, 'the directory holds no *.yml, *.yaml or *.json file');
      for (const name of names) this.#read(join(path, name), asked);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#fail(asked, path, reason(error));
    }
  }

  #readFile(path: string, asked: Asked): void {
    const real = realpathSync(path);
    const seen = this.#seen.get(real);
    if (seen !== undefined) {
      if (asked.chain.includes(seen)) this.#fail(asked, path, `the files include each other: ${[...asked.chain.slice(asked.chain.indexOf(seen)), path].join(' -> ')}`);
      return;
    }
    this.#seen.set(real, path);
    this.watched.push(path);
    if (this.#seen.size > filesMax) {
      this.#fail(asked, path, `more than ${filesMax} files`);
      return;
    }
    const bytes = readBounded(path);
    if (bytes === null) this.#fail(asked, path, `more than ${fileBytesMax / 1024 / 1024} MiB`);
    else if (!isUtf8(bytes)) this.#fail(asked, path, 'not UTF-8 text');
    else this.#take(new TextDecoder().decode(bytes), path, [...asked.chain, path]);
  }

  #take(text: string, file: string, chain: readonly string[]): void {
    const tree = readDocument(text, file, this.#environment, this.#problems);
    if (tree === null) {
      this.complete = false;
      return;
    }
    this.files.push({ file, tree });
    const include = entryOf(tree, 'include')?.value;
    if (include === undefined) return;
    const items: readonly Tree[] = include.kind === 'sequence' ? include.items : [include];
    items.forEach((item, index) => {
      if (item.kind !== 'scalar' || typeof item.value !== 'string' || item.text === '') return;
      const path = isAbsolute(item.text) ? item.text : join(dirname(file), item.text);
      this.#read(path, { place: item.place, path: include.kind === 'sequence' ? ['include', index] : ['include'], chain });
    });
  }

  #fail(asked: Asked, path: string, why: string): void {
    this.complete = false;
    const named = asked.place.file === path ? '' : `${quote(path)}: `;
    this.#problems.add(asked.place, asked.path, `${named}${why}`);
  }
}

/** Hidden files are those of editors and of Kubernetes' mounts; a JSON Schema often lies beside what it describes. */
function isConfigurationName(name: string): boolean {
  return /\.(?:yml|yaml|json)$/.test(name) && !name.startsWith('.') && !name.endsWith('.schema.json');
}

/** A file's bytes; null when there are too many. A pipe, as shells make for `<(...)`, tells no size beforehand. */
function readBounded(path: string): Buffer | null {
  const file = openSync(path, 'r');
  try {
    const chunks: Buffer[] = [];
    let bytes = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(64 * 1024);
      const count = readSync(file, chunk);
      if (count === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, count));
      bytes += count;
      if (bytes > fileBytesMax) return null;
    }
  } finally {
    closeSync(file);
  }
}

function reason(error: Error): string {
  switch ('code' in error ? error.code : undefined) {
    case 'ENOENT':
      return 'no such file or directory';
    case 'EACCES':
      return 'permission denied';
    default:
      return `cannot be read: ${error.message}`;
  }
}
