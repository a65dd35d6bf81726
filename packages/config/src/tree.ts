import { formatPlace } from './place.ts';
import { quote } from './problem.ts';
import { maskSecrets } from './secret.ts';
import type { Place } from './place.ts';
import type { Path, Problems } from './problem.ts';

/** A YAML value that knows where it is written. Aliases share their subtree: treat it as read-only. */
export type Tree = Scalar | Sequence | Mapping;

export interface Scalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** The value as it is spelled: `007` and `1.10` stay what they are. */
  readonly text: string;
  readonly place: Place;
  /** The value as it stands in the file, quotes and all: finds the place of a piece of it. */
  readonly source: string;
  /** For a value that a row of parameters was put into: the set's text that it was put into. */
  readonly filled?: Filled;
  /** For a command of a set: the row's parameters, put into its arguments once it is split. */
  readonly scope?: ReadonlyMap<string, Scalar>;
}

/** The set that made a value, and the place of the row it was made for. */
export interface Filled {
  readonly set: string;
  readonly place: Place;
}

/** A list. */
export interface Sequence {
  readonly kind: 'sequence';
  readonly items: readonly Tree[];
  readonly place: Place;
}

/** A mapping; its keys are unique. */
export interface Mapping {
  readonly kind: 'mapping';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly place: Place;
}

/** A key of a mapping, with its own place, and its value. */
export interface Entry {
  readonly key: Scalar;
  readonly value: Tree;
}

/** The entry of a mapping; undefined for a missing one and for what is no mapping. */
export function entryOf(tree: Tree | undefined, key: string): Entry | undefined {
  return tree?.kind === 'mapping' ? tree.entries.get(key) : undefined;
}

/** The entries of a mapping; none for what is no mapping. */
export function entriesOf(tree: Tree | undefined): ReadonlyMap<string, Entry> {
  return tree?.kind === 'mapping' ? tree.entries : new Map();
}

/** The part of a tree that `path` leads to: its value, and its key where it has one. */
export function lookUp(tree: Tree, path: Path): { readonly key?: Scalar; readonly value?: Tree } {
  let found: { readonly key?: Scalar; readonly value?: Tree } = { value: tree };
  for (const part of path) {
    const parent: Tree | undefined = found.value;
    if (parent?.kind === 'mapping') found = parent.entries.get(String(part)) ?? {};
    else if (parent?.kind === 'sequence') {
      const item = parent.items[Number(part)];
      found = item === undefined ? {} : { value: item };
    } else return {};
  }
  return found;
}

/** The tree as a plain value. `__proto__` never is a key: the reader refuses it. */
export function valueOf(tree: Tree): unknown {
  switch (tree.kind) {
    case 'scalar':
      return tree.value;
    case 'sequence':
      return tree.items.map(valueOf);
    case 'mapping':
      return Object.fromEntries([...tree.entries].map(([key, entry]) => [key, valueOf(entry.value)]));
  }
}

/** A plain value as a tree, all of it at one place: for configurations that are made by a program. */
export function treeOf(value: unknown, place: Place): Tree {
  if (Array.isArray(value)) return { kind: 'sequence', items: value.map((item) => treeOf(item, place)), place };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, child]) => child !== undefined);
    const placed = entries.map(([key, child]): [string, Entry] => [key, { key: scalarOf(key, place), value: treeOf(child, place) }]);
    return { kind: 'mapping', entries: new Map(placed), place };
  }
  return scalarOf(value, place);
}

function scalarOf(given: unknown, place: Place): Scalar {
  const value = typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean' ? given : null;
  const text = value === null ? '' : String(value);
  return { kind: 'scalar', value, text, place, source: text };
}

/** The place of `piece` within a value as far as the file spells it out; else the place of the value. */
export function placeWithin(scalar: Scalar, piece: string): Place {
  return placeAt(scalar, scalar.source.indexOf(piece));
}

/** The place of an offset into the source of a value; the place of the value for an offset below 0. */
export function placeAt(scalar: Scalar, offset: number): Place {
  if (offset <= 0 || scalar.filled !== undefined) return scalar.place;
  const lines = scalar.source.slice(0, offset).split('\n');
  const column = (lines.at(-1) ?? '').length + 1;
  const { file, line } = scalar.place;
  return lines.length === 1
    ? { file, line, column: scalar.place.column + column - 1 }
    : { file, line: line + lines.length - 1, column };
}

/** Reports a problem of a value where the user can mend it, and names the set's text that the value was put into. */
export function report(problems: Problems, tree: Tree, path: Path, message: string, place: Place = tree.place): void {
  const filled = tree.kind === 'scalar' ? tree.filled : undefined;
  const other = filled === undefined ? '' : ` (in set "${filled.set}" at ${formatPlace(filled.place)})`;
  problems.add(place, path, `${message}${other}`);
}

/** A value in a message: what the user wrote, bounded, without secrets. */
export function describe(tree: Tree): string {
  if (tree.kind === 'mapping') return 'a mapping';
  if (tree.kind === 'sequence') return 'a list';
  if (tree.value === null) return 'nothing';
  return typeof tree.value === 'string' ? quote(maskSecrets([tree.value])[0] ?? '') : tree.text;
}
