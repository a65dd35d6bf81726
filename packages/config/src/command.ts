import { parsePlaceholders, placeOfBrace } from './placeholders.ts';
import { quote } from './problem.ts';
import { CommandSyntaxError, splitCommand } from './split.ts';
import { didYouMean, suggestion } from './suggestion.ts';
import { placeWithin, report } from './tree.ts';
import type { CommandConfiguration } from './configuration.ts';
import type { Path, Problems } from './problem.ts';
import type { Scalar, Tree } from './tree.ts';

/** The pipe of the input at `index`, as ffmpeg names it: its standard input, then those after its standard error. */
function inputPipe(index: number): string {
  return `pipe:${index === 0 ? 0 : index + 2}`;
}

/** A command as it is written, and what its placeholders stand for. */
export interface CommandText {
  /** A line, or a list of words. */
  readonly tree: Tree;
  readonly path: Path;
  readonly shell: boolean;
  /** Values of an encoder's parameters, for what `tree` itself brings no values of a set for. */
  readonly parameters?: ReadonlyMap<string, Scalar>;
  /** The feeds it reads; `any` for a command that is checked before they are known. */
  readonly inputs: readonly string[] | 'any';
}

/** True for `in`, `in.NAME` and `out`, which no parameter can be called. */
export function isPipe(name: string): boolean {
  return name === 'in' || name === 'out' || name.startsWith('in.');
}

/** What `{in}`, `{in.NAME}`, `{in.1}` or `{out}` stands for; a problem when there is no such input. A feed called 1 goes before the first. */
function pipeNamed(name: string, inputs: CommandText['inputs']): string | { readonly problem: string } {
  if (name === 'out') return 'pipe:1';
  if (inputs === 'any') return inputPipe(0);
  if (inputs.length === 0) return { problem: `{${name}} has nothing to read from: name a feed under feed` };
  if (name === 'in') return inputPipe(0);
  const which = name.slice('in.'.length);
  const named = inputs.indexOf(which);
  if (named >= 0) return inputPipe(named);
  if (!/^[1-9]\d*$/.test(which)) return { problem: `{${name}} is none of the feeds it reads${didYouMean(which, inputs)}` };
  return Number(which) <= inputs.length ? inputPipe(Number(which) - 1) : { problem: `{${name}} is none of the feeds it reads, which are ${inputs.length}` };
}

/**
 * The argv of a command. Placeholders are put in word by word after the line is split, so that a value can neither split
 * nor be interpreted. Null when there are problems, which are then in `problems`.
 */
export function resolveCommand(command: CommandText, problems: Problems): CommandConfiguration | null {
  if (!mayBeCommand(command.tree)) return null;
  const before = problems.reports;
  const argv = command.shell ? shellWords(command, problems) : plainWords(command, problems);
  if (problems.reports > before) return null;
  if ((argv[0] ?? '').trim() === '') {
    report(problems, command.tree, command.path, 'the command is empty');
    return null;
  }
  return { argv };
}

/** Everything else the schema has reported. */
function mayBeCommand(tree: Tree): boolean {
  return tree.kind === 'sequence' ? tree.items.every((item) => item.kind === 'scalar') : tree.kind === 'scalar' && typeof tree.value === 'string';
}

function plainWords(command: CommandText, problems: Problems): readonly string[] {
  const { tree, path } = command;
  if (tree.kind === 'sequence') {
    return tree.items.map((item, index) => (item.kind === 'scalar' ? fill(item.text, item, { ...command, path: [...path, index] }, problems) : ''));
  }
  if (tree.kind !== 'scalar') return [];
  try {
    return splitCommand(tree.text).map((word) => fill(word, tree, command, problems));
  } catch (error) {
    if (!(error instanceof CommandSyntaxError)) throw error;
    report(problems, tree, path, error.message, placeWithin(tree, error.piece));
    return [];
  }
}

function shellWords(command: CommandText, problems: Problems): readonly string[] {
  const { tree, path } = command;
  if (tree.kind !== 'scalar') {
    report(problems, tree, path, 'shell: true needs the command as one text, not as a list');
    return [];
  }
  if (tree.text.trim() === '') return [];
  return ['/bin/sh', '-c', fill(tree.text, tree, command, problems)];
}

/** One word of a command (with a shell, the whole of it) with its placeholders put in. */
function fill(word: string, scalar: Scalar, command: CommandText, problems: Problems): string {
  const { path, shell, inputs } = command;
  const parsed = parsePlaceholders(word);
  if ('problem' in parsed) {
    report(problems, scalar, path, parsed.problem, placeOfBrace(scalar));
    return '';
  }
  const values = scalar.scope ?? command.parameters ?? new Map<string, Scalar>();
  return parsed.pieces
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      const { name } = piece;
      const place = placeWithin(scalar, `{${name}}`);
      const value = values.get(name);
      if (isPipe(name)) {
        const pipe = pipeNamed(name, inputs);
        if (typeof pipe === 'string') return pipe;
        report(problems, scalar, path, pipe.problem, place);
      } else if (value === undefined) {
        const near = suggestion(name, [...values.keys(), 'in', 'out']);
        const hint = near === undefined ? `write {{${name}}} for the braces themselves` : `did you mean {${near}}?`;
        report(problems, scalar, path, `unknown placeholder {${name}}; ${hint}`, place);
      } else if (shell && !/^[\w./:@%+=,-]*$/.test(value.text)) {
        const allowed = 'letters, digits and _ . / : @ % + = , -';
        report(problems, value, path, `${quote(value.text)} goes into a shell command, where only ${allowed} mean themselves`);
      }
      return value?.text ?? '';
    })
    .join('');
}
