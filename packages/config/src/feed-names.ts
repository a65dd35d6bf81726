import { didYouMean } from './suggestion.ts';
import { quote } from './problem.ts';
import { report } from './tree.ts';
import type { Path, Problems } from './problem.ts';
import type { Entry, Scalar, Tree } from './tree.ts';

/** With thousands of names, thousands of suggestions take long, and nobody reads them. */
const suggestedMax = 200;

/** The names of the feeds that there are. */
export interface KnownFeeds {
  readonly names: ReadonlySet<string>;
  /** False when there may be more, in a part that could not be read. */
  readonly complete: boolean;
}

/** The values of a key that holds one or a list; what is neither the schema has reported. */
export function scalarsOf(tree: Tree | undefined): readonly Scalar[] {
  const trees = tree?.kind === 'sequence' ? tree.items : tree === undefined ? [] : [tree];
  return trees.filter((one): one is Scalar => one.kind === 'scalar');
}

/** The names in `feed`, one or a list; unknown ones are reported if every name is known, and those that stand twice. */
export function referToFeeds(feed: Entry, path: Path, known: KnownFeeds, problems: Problems): readonly string[] {
  const names: string[] = [];
  for (const scalar of scalarsOf(feed.value)) {
    const { text } = scalar;
    if (names.includes(text)) report(problems, scalar, [...path, feed.key.text], `feed ${quote(text)} stands here twice`);
    else if (!known.names.has(text) && known.complete && scalar.value !== null) reportUnknown(scalar, [...path, feed.key.text], known, problems);
    names.push(text);
  }
  return names;
}

/** Reports a name that no feed has. */
export function reportUnknown(scalar: Scalar, path: Path, known: KnownFeeds, problems: Problems): void {
  const near = problems.reports < suggestedMax ? didYouMean(scalar.text, known.names) : '';
  report(problems, scalar, path, `no feed named ${quote(scalar.text)}${near}`);
}
