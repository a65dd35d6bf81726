import { bind, checkDefaults, defaultsOf } from './arguments.ts';
import { isPipe } from './command.ts';
import { parsePlaceholders, placeOfBrace } from './placeholders.ts';
import { quote } from './problem.ts';
import { didYouMean } from './suggestion.ts';
import { entriesOf, entryOf, placeWithin } from './tree.ts';
import type { Template } from './arguments.ts';
import type { Place } from './place.ts';
import type { Path, Problems } from './problem.ts';
import type { Entry, Scalar, Tree } from './tree.ts';

/** A part of the configuration with parameters in its names and values. */
export interface SetTemplate extends Template {
  readonly feeds: Tree | undefined;
  readonly streams: Tree | undefined;
  /** False when its placeholders cannot be put in. */
  readonly sound: boolean;
}

/** The sets that there are. */
export interface KnownSets {
  readonly sets: ReadonlyMap<string, SetTemplate>;
  /** False when there may be more, in a part that could not be read. */
  readonly complete: boolean;
}

/** A feed or stream of a set, for one row. */
export interface MadeEntry {
  readonly section: 'feeds' | 'streams';
  readonly entry: Entry;
  readonly row: Place;
}

/** Reads `templates.sets`. */
export function readSets(entries: ReadonlyMap<string, Entry>, problems: Problems): ReadonlyMap<string, SetTemplate> {
  const sets = new Map<string, SetTemplate>();
  for (const [name, { key, value }] of entries) {
    const path = ['templates', 'sets', name];
    const feeds = entryOf(value, 'feeds')?.value;
    const streams = entryOf(value, 'streams')?.value;
    const parameters = new Set<string>();
    const before = problems.reports;
    for (const [section, tree] of Object.entries({ feeds, streams })) {
      if (tree !== undefined) collectParameters(tree, [section], path, parameters, problems);
    }
    const defaults = defaultsOf(entriesOf(entryOf(value, 'defaults')?.value));
    const set: SetTemplate = { kind: 'set', name, place: key.place, parameters, defaults, feeds, streams, sound: problems.reports === before };
    checkDefaults(set, path, problems);
    sets.set(name, set);
  }
  return sets;
}

/** The feeds and streams that one entry of `use` makes; null for a row that could not be used, which `problems` then tells. */
export function makeEntries(use: Tree, path: Path, known: KnownSets, problems: Problems): readonly (MadeEntry | null)[] {
  const named = entryOf(use, 'set')?.value;
  const rows = entryOf(use, 'for')?.value;
  if (named?.kind !== 'scalar' || rows?.kind !== 'sequence') return [null];
  const set = known.sets.get(named.text);
  if (set === undefined) {
    if (known.complete) problems.add(named.place, [...path, 'set'], `no set named ${quote(named.text)}${didYouMean(named.text, known.sets.keys())}`);
    return [null];
  }
  return rows.items.flatMap((row, index): readonly (MadeEntry | null)[] => {
    if (row.kind !== 'mapping') return [null];
    const values = bind(set, row.entries.values(), row.place, [...path, 'for', index], problems);
    if (values === null || !set.sound) return [null];
    return (['feeds', 'streams'] as const).flatMap((section) =>
      [...entriesOf(set[section]).values()].map((entry): MadeEntry => {
        const filled = fill(entry.key, values, set.name);
        const key = { ...filled, value: filled.text };
        return { section, entry: { key, value: fillTree(entry.value, [section, key.text], values, set.name) }, row: row.place };
      }),
    );
  });
}

/** A command's placeholders are put in by `command.ts`, once the line is split. */
function isCommand(path: Path): boolean {
  const [section, , key, inner] = path;
  return key === 'command' || (section === 'streams' && key === 'encode' && (inner === undefined || inner === 'command' || typeof inner === 'number'));
}

function fillTree(tree: Tree, path: Path, values: ReadonlyMap<string, Scalar>, set: string): Tree {
  switch (tree.kind) {
    case 'scalar':
      return isCommand(path) ? { ...tree, scope: values } : fill(tree, values, set);
    case 'sequence':
      return { ...tree, items: tree.items.map((item, index) => fillTree(item, [...path, index], values, set)) };
    case 'mapping': {
      const entries = [...tree.entries].map(([name, { key, value }]): [string, Entry] => [name, { key, value: fillTree(value, [...path, name], values, set) }]);
      return { ...tree, entries: new Map(entries) };
    }
  }
}

/** A text with the row's values put in. A text that is one placeholder and nothing else takes the value's type, too. */
function fill(scalar: Scalar, values: ReadonlyMap<string, Scalar>, set: string): Scalar {
  const parsed = typeof scalar.value === 'string' ? parsePlaceholders(scalar.text) : { pieces: [] };
  if ('problem' in parsed || parsed.pieces.every((piece) => piece === scalar.text)) return scalar;
  const used = parsed.pieces.flatMap((piece) => (typeof piece === 'string' ? [] : (values.get(piece.name) ?? [])));
  const text = parsed.pieces.map((piece) => (typeof piece === 'string' ? piece : (values.get(piece.name)?.text ?? ''))).join('');
  const [value] = used;
  if (value === undefined) return { ...scalar, text, value: text };
  const whole = parsed.pieces.length === 1;
  return { ...value, text, value: whole ? value.value : text, filled: { set, place: scalar.place } };
}

/** Finds the parameters of a set, and reports braces and pipes in the wrong place. */
function collectParameters(tree: Tree, path: Path, parent: Path, names: Set<string>, problems: Problems): void {
  if (tree.kind === 'sequence') tree.items.forEach((item, index) => collectParameters(item, [...path, index], parent, names, problems));
  if (tree.kind === 'mapping') {
    for (const [name, { key, value }] of tree.entries) {
      if (path.length === 1) collectParameters(key, path, parent, names, problems);
      collectParameters(value, [...path, name], parent, names, problems);
    }
  }
  if (tree.kind !== 'scalar' || typeof tree.value !== 'string') return;
  const parsed = parsePlaceholders(tree.text);
  if ('problem' in parsed) {
    if (!isCommand(path)) problems.add(placeOfBrace(tree), [...parent, ...path], parsed.problem);
    return;
  }
  for (const piece of parsed.pieces) {
    if (typeof piece === 'string') continue;
    if (!isPipe(piece.name)) names.add(piece.name);
    else if (!isCommand(path)) problems.add(placeWithin(tree, `{${piece.name}}`), [...parent, ...path], `{${piece.name}} is a pipe of a command, and no parameter`);
  }
}
