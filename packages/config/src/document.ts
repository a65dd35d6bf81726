import { Composer, isAlias, isMap, isScalar, isSeq, Lexer, LineCounter, Parser } from 'yaml';
import { interpolate, plainValue } from './environment.ts';
import { formatPlace, wholeFile } from './place.ts';
import { quote } from './problem.ts';
import { placeWithin } from './tree.ts';
import type { Document, ErrorCode, Node, Pair, YAMLError } from 'yaml';
import type { Environment } from './environment.ts';
import type { Place } from './place.ts';
import type { Path, Problems } from './problem.ts';
import type { Entry, Mapping, Scalar, Tree } from './tree.ts';

/** Collections within collections; the parser's own recursion stays well within the stack. */
const depthMax = 64;
/** Values of a document with every alias written out. */
const valuesMax = 200_000;

/** A tree, how many values it has with every alias written out, and how deep it is. */
interface Measured {
  readonly tree: Tree;
  readonly values: number;
  readonly depth: number;
}

/**
 * Reads one YAML document (JSON is a subset) into a tree, with environment variables put into its values.
 * Null when the text has problems of its own, which are then in `problems`.
 */
export function readDocument(text: string, file: string, environment: Environment, problems: Problems): Tree | null {
  const before = problems.reports;
  const lines = new LineCounter();
  const document = parse(text, lines, file, problems);
  if (document === null) return null;
  const measured = new Reader(text, file, lines, environment, problems).read(document.contents, []);
  return problems.reports > before ? null : measured.tree;
}

function parse(text: string, lines: LineCounter, file: string, problems: Problems): Document.Parsed | null {
  const placeAt = (offset: number): Place => ({ file, line: lines.linePos(offset).line, column: lines.linePos(offset).col });
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  // oxlint-disable-next-line no-control-regex
  const control = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.exec(text);
  if (control !== null) {
    const before = text.slice(0, control.index).split('\n');
    const code = (control[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    problems.add({ file, line: before.length, column: (before.at(-1) ?? '').length + 1 }, [], `the control character U+${code} may not stand in a configuration`);
    return null;
  }
  const tokens = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > depthMax) {
      problems.add(placeAt(parser.offset), [], `nested more than ${depthMax} levels deep`);
      return null;
    }
  }
  for (const token of parser.end()) tokens.push(token);

  const composer = new Composer({ prettyErrors: false, stringKeys: true, uniqueKeys: false, version: '1.2' });
  const [document, second] = composer.compose(tokens, true, text.length) as Iterable<Document.Parsed>;
  if (document === undefined) {
    problems.add(wholeFile(file), [], 'no YAML document');
    return null;
  }
  if (second !== undefined) problems.add(placeAt(second.range[0]), [], 'a second document: a file holds one');
  const reported = new Set<number>();
  for (const error of [...document.errors, ...document.warnings]) {
    const place = placeAt(error.pos[0]);
    if (!reported.has(place.line)) problems.add(place, [], explain(error));
    reported.add(place.line);
  }
  return document.errors.length + document.warnings.length > 0 ? null : document;
}

/** What comes of a text that YAML reads as more than a text. */
const quotable: ReadonlySet<ErrorCode> = new Set(['UNEXPECTED_TOKEN', 'NON_STRING_KEY', 'BLOCK_AS_IMPLICIT_KEY', 'BLOCK_IN_FLOW', 'BAD_SCALAR_START']);

function explain(error: YAMLError): string {
  const [line = ''] = error.message.split('\n');
  const message = error.code === 'NON_STRING_KEY' ? 'expected a text as a key' : `YAML: ${line.slice(0, 200)}`;
  return quotable.has(error.code) ? `${message}; a text with { } [ ] , # or ": " in it may need quotes` : message;
}

/** Turns the YAML library's nodes into trees, in the order of the text: an alias means the last anchor before it. */
class Reader {
  readonly #text: string;
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #environment: Environment;
  readonly #problems: Problems;
  readonly #anchors = new Map<string, Measured | 'open'>();

  constructor(text: string, file: string, lines: LineCounter, environment: Environment, problems: Problems) {
    this.#text = text;
    this.#file = file;
    this.#lines = lines;
    this.#environment = environment;
    this.#problems = problems;
  }

  read(node: Node | null, path: Path): Measured {
    const place = this.#placeOf(node);
    if (isAlias(node)) return this.#alias(node.source, place, path);
    const anchor = isMap(node) || isSeq(node) || isScalar(node) ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, 'open');
    const measured = this.#bounded(this.#content(node, place, path), path);
    if (anchor !== undefined) this.#anchors.set(anchor, measured);
    return measured;
  }

  #content(node: Node | null, place: Place, path: Path): Measured {
    if (isMap(node)) return this.#mapping(node.items as Pair<Node, Node | null>[], place, path);
    if (isSeq(node)) {
      const items = node.items.map((item, index) => this.read(item as Node, [...path, index]));
      return { tree: { kind: 'sequence', items: items.map((item) => item.tree), place }, ...total(items) };
    }
    return { tree: this.#scalar(node, place, path), values: 1, depth: 1 };
  }

  #alias(name: string, place: Place, path: Path): Measured {
    const target = this.#anchors.get(name);
    if (target !== undefined && target !== 'open') return target;
    const why = target === 'open' ? 'stands within what it names' : 'names nothing before it';
    this.#problems.add(place, path, `the alias *${name.slice(0, 80)} ${why}`);
    return nothing(place);
  }

  #bounded(measured: Measured, path: Path): Measured {
    const { values, depth, tree } = measured;
    if (values <= valuesMax && depth <= depthMax) return measured;
    const what = values > valuesMax ? `more than ${valuesMax} values` : `nested more than ${depthMax} levels deep`;
    this.#problems.add(tree.place, path, `${what} once every alias is written out`);
    return nothing(tree.place);
  }

  #mapping(pairs: readonly Pair<Node, Node | null>[], place: Place, path: Path): Measured {
    const entries = new Map<string, Entry>();
    const children: Measured[] = [];
    const merged: Mapping[] = [];
    for (const pair of pairs) {
      const key = this.#key(pair.key, path);
      if (key === null) continue;
      const childPath = [...path, key.text];
      const child = this.read(pair.value, childPath);
      children.push(child);
      const earlier = entries.get(key.text);
      if (key.text === '<<') merged.push(...this.#merged(child.tree, childPath));
      else if (earlier === undefined) entries.set(key.text, { key, value: child.tree });
      else this.#problems.add(key.place, childPath, `the key is already at ${formatPlace(earlier.key.place)}`);
    }
    for (const mapping of merged) {
      for (const [name, entry] of mapping.entries) if (!entries.has(name)) entries.set(name, entry);
    }
    return { tree: { kind: 'mapping', entries, place }, ...total(children) };
  }

  /** The mappings that a merge key (`<<: *anchor`, `<<: [*one, *two]`) adds; what is there already wins. */
  #merged(tree: Tree, path: Path): readonly Mapping[] {
    const sources = tree.kind === 'sequence' ? tree.items : [tree];
    const mappings = sources.filter((source) => source.kind === 'mapping');
    if (mappings.length < sources.length) this.#problems.add(tree.place, path, 'expected a mapping, or a list of mappings, to merge');
    return mappings;
  }

  #key(node: Node, path: Path): Scalar | null {
    const place = this.#placeOf(node);
    if (!isScalar(node) || typeof node.value !== 'string') {
      this.#problems.add(place, path, 'expected a text as a key');
      return null;
    }
    if (node.value === '__proto__' || node.value.includes('\0')) {
      this.#problems.add(place, path, `${quote(node.value)} cannot be a key`);
      return null;
    }
    return { kind: 'scalar', value: node.value, text: node.value, place, source: this.#sourceOf(node) };
  }

  #scalar(node: Node | null, place: Place, path: Path): Scalar {
    const value: unknown = isScalar(node) ? node.value : null;
    const source = this.#sourceOf(node);
    const plain = isScalar(node) && node.type === 'PLAIN';
    const text = typeof value === 'string' ? value : source;
    const typed = typeof value === 'number' || typeof value === 'boolean' || value === null ? value : text;
    const scalar: Scalar = { kind: 'scalar', value: typed, text, place, source };
    if (typeof value !== 'string') return scalar;
    if (value.includes('\0')) this.#problems.add(place, path, 'the character U+0000 may not stand in a configuration');
    if (!value.includes('$')) return scalar;
    const filled = interpolate(value, this.#environment);
    if ('problem' in filled) {
      this.#problems.add(placeWithin(scalar, filled.piece), path, filled.problem);
      return scalar;
    }
    return { ...scalar, text: filled.text, value: plain ? plainValue(filled.text) : filled.text };
  }

  #sourceOf(node: Node | null): string {
    const range = node?.range;
    return range === undefined || range === null ? '' : this.#text.slice(range[0], range[1]);
  }

  #placeOf(node: Node | null): Place {
    const { line, col } = this.#lines.linePos(node?.range?.[0] ?? 0);
    return { file: this.#file, line, column: col };
  }
}

function total(children: readonly Measured[]): { readonly values: number; readonly depth: number } {
  let values = 1;
  let depth = 0;
  for (const child of children) {
    values += child.values;
    depth = Math.max(depth, child.depth);
  }
  return { values, depth: depth + 1 };
}

function nothing(place: Place): Measured {
  return { tree: { kind: 'scalar', value: null, text: '', place, source: '' }, values: 1, depth: 1 };
}
