import { formatPlace } from './place.ts';
import { quote } from './problem.ts';
import { didYouMean, suggestion } from './suggestion.ts';
import type { Place } from './place.ts';
import type { Path, Problems } from './problem.ts';
import type { Entry, Scalar } from './tree.ts';

/** What takes parameters: an encoder or a set. */
export interface Template {
  readonly kind: 'encoder' | 'set';
  readonly name: string;
  readonly place: Place;
  /** The names that stand between braces in it. */
  readonly parameters: ReadonlySet<string>;
  readonly defaults: ReadonlyMap<string, Scalar>;
}

/**
 * The value of every parameter of a template. Null when one is missing or one too many is given: both are reported where
 * they are given, with the place of the template.
 */
export function bind(template: Template, given: Iterable<Entry>, at: Place, path: Path, problems: Problems): ReadonlyMap<string, Scalar> | null {
  const { kind, name, parameters, defaults } = template;
  const before = problems.reports;
  const who = `${kind} ${quote(name)} (${formatPlace(template.place)})`;
  /** Parameters that are given, though misspelt or not as a scalar. */
  const faulty = new Set<string>();
  const values = new Map<string, Scalar>(defaults);
  for (const { key, value } of given) {
    if (!parameters.has(key.text)) {
      const near = suggestion(key.text, parameters);
      if (near !== undefined) faulty.add(near);
      const hint = near === undefined ? '' : `; did you mean ${quote(near)}?`;
      problems.add(key.place, [...path, key.text], `${who} has no parameter ${quote(key.text)}${hint}`);
    } else if (value.kind === 'scalar') values.set(key.text, value);
    else faulty.add(key.text);
  }
  for (const parameter of parameters) {
    if (!values.has(parameter) && !faulty.has(parameter)) problems.add(at, path, `${who} needs ${quote(parameter)}`);
  }
  return problems.reports > before || faulty.size > 0 ? null : values;
}

/** Reports defaults that stand for no parameter. */
export function checkDefaults(template: Template, path: Path, problems: Problems): void {
  for (const [name, value] of template.defaults) {
    if (template.parameters.has(name)) continue;
    const unused = `{${name}} occurs nowhere in the ${template.kind}${didYouMean(name, template.parameters)}`;
    problems.add(value.place, [...path, 'defaults', name], unused);
  }
}

/** The scalars of a mapping of defaults. */
export function defaultsOf(entries: ReadonlyMap<string, Entry>): ReadonlyMap<string, Scalar> {
  const defaults = new Map<string, Scalar>();
  for (const [name, { value }] of entries) if (value.kind === 'scalar') defaults.set(name, value);
  return defaults;
}
