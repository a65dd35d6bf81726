import * as z from 'zod';
import { didYouMean } from '../suggestion.ts';
import { describe, lookUp, report, valueOf } from '../tree.ts';
import { edgeKeys } from './edge.ts';
import { feedKeys } from './feed.ts';
import { streamKeys } from './stream.ts';
import type { Path, Problems } from '../problem.ts';
import type { Scalar, Tree } from '../tree.ts';

type Issue = z.core.$ZodIssue;

/** What is checked, where it stands, and where its problems go. */
interface Subject {
  readonly tree: Tree;
  /** The path of `tree`, before the paths of the issues. */
  readonly path: Path;
  readonly problems: Problems;
  /** The key whose value `tree` is: what is missing is reported there. */
  readonly key: Scalar | undefined;
}

/** The value of a tree by a schema; null when it does not fit, which `problems` then tells in words of the user's file. */
export function check<T>(schema: z.ZodType<T>, tree: Tree, path: Path, problems: Problems, key?: Scalar): T | null {
  const result = schema.safeParse(valueOf(tree), { error: defaultMessage });
  if (result.success) return result.data;
  for (const issue of withoutEchoes(result.error.issues, tree)) translate(issue, { tree, path, problems, key });
  return null;
}

/** Zod's words for what a schema has no words of its own for. Those of an unknown key are the known ones, for `unknownKey`. */
function defaultMessage(issue: z.core.$ZodRawIssue): string {
  if (issue.code === 'unrecognized_keys') return issue.inst instanceof z.ZodObject ? Object.keys(issue.inst.shape).join(' ') : '';
  if (issue.code === 'invalid_type') return `expected ${expectedWords[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value') return `expected ${issue.values.map(String).join(' or ')}`;
  return issue.code === 'too_small' ? 'expected more than nothing' : 'expected something else';
}

const expectedWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  object: 'a mapping',
  record: 'a mapping',
  array: 'a list',
};

/** Without the keys that are missing beside an unknown one: it is what they are misspelt as. */
function withoutEchoes(issues: readonly Issue[], tree: Tree): readonly Issue[] {
  const parents = new Set(issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? [JSON.stringify(issue.path)] : [])));
  return issues.filter((issue) => lookUp(tree, issue.path as Path).value !== undefined || !parents.has(JSON.stringify(issue.path.slice(0, -1))));
}

function translate(issue: Issue, subject: Subject): void {
  const { tree, path, problems } = subject;
  const { key, value } = lookUp(tree, issue.path as Path);
  const issuePath = [...path, ...(issue.path as Path)];
  if (isFilledLater(value, issuePath)) return;
  if (value === undefined) {
    const parent = issue.path.slice(0, -1) as Path;
    const missingFrom = lookUp(tree, parent);
    const at = (parent.length === 0 ? subject.key : missingFrom.key) ?? missingFrom.value ?? tree;
    report(problems, at, [...path, ...parent], `needs "${String(issue.path.at(-1))}"`);
  } else if (issue.code === 'unrecognized_keys') {
    for (const unknown of issue.keys) {
      const unknownPath = [...issuePath, unknown];
      const place = lookUp(value, [unknown]).key ?? value;
      report(problems, place, unknownPath, unknownKey(unknown, issue.message.split(' '), issuePath));
    }
  } else if (issue.code === 'invalid_key') {
    const message = issue.issues[0]?.message ?? 'expected another key';
    report(problems, key ?? value, issuePath, `${message}, got ${describe(key ?? value)}`);
  } else if (issue.code === 'invalid_union') {
    const branch = value.kind === 'scalar' ? undefined : chooseBranch(issue.errors, value);
    if (branch === undefined) report(problems, value, issuePath, `${issue.message}, got ${describe(value)}${nearValue(issue, value)}`);
    else for (const inner of withoutEchoes(branch, value)) translate({ ...inner, path: [...issue.path, ...inner.path] }, subject);
  } else {
    const got = issue.code === 'too_small' && value.kind === 'sequence' ? '' : `, got ${describe(value)}`;
    report(problems, value, issuePath, `${issue.message}${got}${nearValue(issue, value)}`);
  }
}

/** True for a value of a set that parameters are still to be put into: what comes out is checked row by row. */
function isFilledLater(value: Tree | undefined, path: Path): boolean {
  return path[0] === 'templates' && path[1] === 'sets' && value?.kind === 'scalar' && value.text.includes('{');
}

/** The alternative of a union that the user meant: of the right kind, and with nothing that it needs missing. */
function chooseBranch(branches: readonly (readonly Issue[])[], value: Tree): readonly Issue[] | undefined {
  const fitting = branches
    .map((issues) => issues.flatMap((issue) => (issue.code === 'invalid_union' && issue.path.length === 0 ? (chooseBranch(issue.errors, value) ?? [issue]) : [issue])))
    .filter((issues) => !issues.some((issue) => issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'invalid_union')));
  const whole = fitting.find((issues) => issues.every((issue) => lookUp(value, issue.path as Path).value !== undefined));
  return whole ?? fitting[0];
}

function unknownKey(unknown: string, known: readonly string[], path: Path): string {
  const [section] = path.slice(-2);
  if (section === 'streams' && feedKeys.includes(unknown)) return 'unknown key; it is a key of feeds: name the feed under feeds and use feed here';
  if (section === 'feeds' && streamKeys.includes(unknown)) return 'unknown key; it is a key of streams';
  if ((section === undefined || section === 'streams') && edgeKeys.includes(unknown)) return 'unknown key; it is a key of edge';
  const suggested = didYouMean(unknown, known);
  return `unknown key${suggested === '' ? `; expected one of ${known.join(', ')}` : suggested}`;
}

/** `; did you mean "skip"?` for a value of an enumeration, also one among other alternatives. */
function nearValue(issue: Issue, value: Tree): string {
  if (value.kind !== 'scalar') return '';
  const issues = issue.code === 'invalid_union' ? issue.errors.flat() : [issue];
  return didYouMean(value.text, issues.flatMap((one) => (one.code === 'invalid_value' ? one.values.map(String) : [])));
}
