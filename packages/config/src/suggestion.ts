/** `; did you mean "cam"?` for the nearest of `words`, or nothing when none is near enough to be a slip of the finger. */
export function didYouMean(word: string, words: Iterable<string>): string {
  const near = suggestion(word, words);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

/** The nearest of `words` by edit distance; case does not count, nor does which of `-` and `_` is used. */
export function suggestion(word: string, words: Iterable<string>): string | undefined {
  const wanted = plain(word.slice(0, 65));
  if (wanted.length > 64) return undefined;
  let nearest: string | undefined;
  let limit = wanted.length <= 2 ? 1 : wanted.length <= 6 ? 2 : 3;
  for (const candidate of words) {
    if (Math.abs(candidate.length - wanted.length) > limit) continue;
    const distance = editDistance(wanted, plain(candidate), limit);
    if (distance > limit || distance >= Math.max(wanted.length, candidate.length)) continue;
    nearest = candidate;
    if (distance === 0) break;
    limit = distance - 1;
  }
  return nearest;
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll('_', '-');
}

/**
 * Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b` (optimal string alignment).
 * Anything above `limit` once it is sure to be more.
 */
export function editDistance(a: string, b: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    let least = row;
    for (let column = 1; column <= b.length; column++) {
      const replaced = cell(last, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      let best = Math.min(replaced, cell(last, column) + 1, cell(current, column - 1) + 1);
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) best = Math.min(best, cell(beforeLast, column - 2) + 1);
      current.push(best);
      least = Math.min(least, best);
    }
    if (least > limit) return least;
    beforeLast = last;
    last = current;
  }
  return cell(last, b.length);
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
