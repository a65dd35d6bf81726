import { formatPlace } from './place.ts';
import { quote } from './problem.ts';
import { check } from './schema/check.ts';
import { fileSchema } from './schema/file.ts';
import { name as nameSchema } from './schema/text.ts';
import { makeEntries, readSets } from './sets.ts';
import { entriesOf, entryOf } from './tree.ts';
import type { Place } from './place.ts';
import type { Path, Problems } from './problem.ts';
import type { Entry, Tree } from './tree.ts';

/** One file, read. */
export interface SourceFile {
  readonly file: string;
  readonly tree: Tree;
}

/** A feed or stream as it is written, of a file or of a set. */
export interface Entity {
  readonly name: string;
  readonly entry: Entry;
  /** Where its name can be mended. */
  readonly place: Place;
}

/** Everything that the files say, by name, with the sets made. */
export interface Collected {
  readonly listen: Entry | undefined;
  readonly tls: Entry | undefined;
  readonly edge: Entry | undefined;
  readonly admin: Entry | undefined;
  readonly access: Entry | undefined;
  readonly feeds: ReadonlyMap<string, Entity>;
  readonly streams: ReadonlyMap<string, Entity>;
  readonly encoders: ReadonlyMap<string, Entry>;
  /** One of each file that has it. */
  readonly masters: readonly Entry[];
  /** False when names may be missing because a part could not be read: what refers to them may be right. */
  readonly complete: boolean;
}

/**
 * Puts the files together: the same name twice is a problem that names both places.
 *
 * @param complete false when files are missing that could not be read.
 */
export function collect(files: readonly SourceFile[], complete: boolean, problems: Problems): Collected {
  const collector = new Collector(complete, problems);
  for (const file of files) collector.addFile(file);
  collector.makeSets();
  return collector;
}

/** Any other is a misspelt one, which may hold any name. */
const sections = ['include', 'tls', 'edge', 'admin', 'access', 'feeds', 'streams', 'masters', 'templates', 'use'];

class Collector implements Collected {
  listen: Entry | undefined;
  tls: Entry | undefined;
  edge: Entry | undefined;
  admin: Entry | undefined;
  access: Entry | undefined;
  readonly feeds = new Map<string, Entity>();
  readonly streams = new Map<string, Entity>();
  readonly encoders = new Map<string, Entry>();
  readonly masters: Entry[] = [];
  complete: boolean;
  readonly #sets = new Map<string, Entry>();
  readonly #uses: { readonly tree: Tree; readonly path: Path }[] = [];
  readonly #problems: Problems;

  constructor(complete: boolean, problems: Problems) {
    this.complete = complete;
    this.#problems = problems;
  }

  addFile({ tree }: SourceFile): void {
    if (tree.kind === 'scalar' && tree.value === null) return;
    check(fileSchema, tree, [], this.#problems);
    if (tree.kind !== 'mapping') {
      this.complete = false;
      return;
    }
    if ([...tree.entries].some(([key, { value }]) => value.kind !== 'scalar' && !sections.includes(key))) this.complete = false;
    for (const key of ['listen', 'tls', 'edge', 'admin', 'access'] as const) this.#addOnce(key, tree.entries.get(key));
    for (const section of ['feeds', 'streams'] as const) {
      for (const entry of this.#entries(tree, section)) this.#addEntity(section, entry, entry.key.place);
    }
    const masters = tree.entries.get('masters');
    if (masters !== undefined && !isEmpty(masters.value)) this.masters.push(masters);
    const templates = tree.entries.get('templates')?.value;
    if (templates !== undefined && templates.kind !== 'mapping' && !isEmpty(templates)) this.complete = false;
    for (const entry of this.#entries(templates, 'encoders')) this.#addTemplate('encoder', this.encoders, entry);
    for (const entry of this.#entries(templates, 'sets')) this.#addTemplate('set', this.#sets, entry);
    const use = entryOf(tree, 'use')?.value;
    if (use?.kind === 'sequence') use.items.forEach((item, index) => this.#uses.push({ tree: item, path: ['use', index] }));
    else if (use !== undefined && !isEmpty(use)) this.complete = false;
  }

  /** Makes the feeds and streams of the sets, once every file is read. */
  makeSets(): void {
    const sets = readSets(this.#sets, this.#problems);
    for (const { tree, path } of this.#uses) {
      for (const made of makeEntries(tree, path, { sets, complete: this.complete }, this.#problems)) {
        if (made === null) {
          this.complete = false;
          continue;
        }
        const { section, entry, row } = made;
        const before = this.#problems.reports;
        check(nameSchema, entry.key, [section, entry.key.text], this.#problems, entry.key);
        if (this.#problems.reports > before) this.complete = false;
        else this.#addEntity(section, entry, entry.key.filled === undefined ? row : entry.key.place);
      }
    }
  }

  /** What stands once over all files. */
  #addOnce(key: 'listen' | 'tls' | 'edge' | 'admin' | 'access', entry: Entry | undefined): void {
    if (entry === undefined || isEmpty(entry.value)) return;
    const earlier = this[key];
    if (earlier === undefined) this[key] = entry;
    else this.#problems.add(entry.key.place, [key], `${key} is already at ${formatPlace(earlier.key.place)}`);
  }

  #entries(parent: Tree | undefined, section: string): Iterable<Entry> {
    const value = entryOf(parent, section)?.value;
    if (value !== undefined && value.kind !== 'mapping' && !isEmpty(value)) this.complete = false;
    return entriesOf(value).values();
  }

  #addEntity(section: 'feeds' | 'streams', entry: Entry, place: Place): void {
    const name = entry.key.text;
    const earlier = this[section].get(name);
    if (earlier === undefined) this[section].set(name, { name, entry, place });
    else this.#duplicate(section.slice(0, -1), place, [section, name], name, earlier.place);
  }

  #addTemplate(kind: 'encoder' | 'set', templates: Map<string, Entry>, entry: Entry): void {
    const name = entry.key.text;
    const earlier = templates.get(name);
    if (earlier === undefined) templates.set(name, entry);
    else this.#duplicate(kind, entry.key.place, ['templates', `${kind}s`, name], name, earlier.key.place);
  }

  #duplicate(kind: string, place: Place, path: Path, name: string, earlier: Place): void {
    this.#problems.add(place, path, `${kind} ${quote(name)} is already at ${formatPlace(earlier)}`);
  }
}

function isEmpty(tree: Tree): boolean {
  return tree.kind === 'scalar' && tree.value === null;
}
