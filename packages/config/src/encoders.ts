import { bind, checkDefaults, defaultsOf } from './arguments.ts';
import { isPipe, resolveCommand } from './command.ts';
import { parsePlaceholders } from './placeholders.ts';
import { quote } from './problem.ts';
import { didYouMean } from './suggestion.ts';
import { entriesOf, entryOf, report } from './tree.ts';
import type { Template } from './arguments.ts';
import type { CommandConfiguration } from './configuration.ts';
import type { Path, Problems } from './problem.ts';
import type { Entry, Tree } from './tree.ts';

/** A command with parameters that streams use by name. */
export interface EncoderTemplate extends Template {
  readonly command: Tree;
  readonly shell: boolean;
}

/** The encoders that there are. */
export interface KnownEncoders {
  readonly encoders: ReadonlyMap<string, EncoderTemplate>;
  /** False when there may be more, in a part that could not be read. */
  readonly complete: boolean;
}

/** Reads `templates.encoders` and checks every command, used or not. */
export function readEncoders(entries: ReadonlyMap<string, Entry>, problems: Problems): ReadonlyMap<string, EncoderTemplate> {
  const encoders = new Map<string, EncoderTemplate>();
  for (const [name, { key, value }] of entries) {
    const command = entryOf(value, 'command')?.value ?? value;
    const template: EncoderTemplate = {
      kind: 'encoder',
      name,
      place: key.place,
      command,
      shell: isTrue(entryOf(value, 'shell')),
      parameters: parametersOf(command),
      defaults: defaultsOf(entriesOf(entryOf(value, 'defaults')?.value)),
    };
    const path = ['templates', 'encoders', name];
    checkDefaults(template, path, problems);
    for (const reserved of ['use', 'command', 'shell']) {
      if (template.parameters.has(reserved)) report(problems, command, path, `a parameter cannot be called "${reserved}": it is a key of encode`);
    }
    const parameters = new Map([...template.parameters].map((parameter) => [parameter, key]));
    resolveCommand({ tree: command, path, shell: template.shell, parameters, inputs: 'any' }, problems);
    encoders.set(name, template);
  }
  return encoders;
}

/** The command of a stream's `encode`, which reads the feeds `inputs`. Null when there are problems, which are then in `problems`. */
export function resolveEncode(encode: Entry, inputs: readonly string[], path: Path, known: KnownEncoders, problems: Problems): CommandConfiguration | null {
  const tree = encode.value;
  const use = entryOf(tree, 'use');
  if (use === undefined) {
    const command = entryOf(tree, 'command');
    const commandPath = command === undefined ? path : [...path, 'command'];
    return resolveCommand({ tree: command?.value ?? tree, path: commandPath, shell: isTrue(entryOf(tree, 'shell')), inputs }, problems);
  }
  const name = use.value.kind === 'scalar' ? use.value.text : '';
  const encoder = known.encoders.get(name);
  if (encoder === undefined) {
    if (known.complete) report(problems, use.value, [...path, 'use'], `no encoder named ${quote(name)}${didYouMean(name, known.encoders.keys())}`);
    return null;
  }
  const given = [...entriesOf(tree).values()].filter((entry) => entry !== use);
  const parameters = bind(encoder, given, use.value.place, path, problems);
  if (parameters === null) return null;
  const commandPath = ['templates', 'encoders', name];
  return resolveCommand({ tree: encoder.command, path: commandPath, shell: encoder.shell, parameters, inputs }, problems);
}

/** True for a written `true`; anything else is either the default or a problem that is reported already. */
export function isTrue(entry: Entry | undefined): boolean {
  return entry?.value.kind === 'scalar' && entry.value.value === true;
}

function parametersOf(command: Tree): ReadonlySet<string> {
  const words = command.kind === 'sequence' ? command.items : [command];
  const names = new Set<string>();
  for (const word of words) {
    const parsed = word.kind === 'scalar' ? parsePlaceholders(word.text) : { pieces: [] };
    if ('problem' in parsed) continue;
    for (const piece of parsed.pieces) if (typeof piece !== 'string' && !isPipe(piece.name)) names.add(piece.name);
  }
  return names;
}
