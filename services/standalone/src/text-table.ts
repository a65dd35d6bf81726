/** Lines of a table for a terminal: columns two blanks apart, those in `right` with numbers. Cells may come from a server: they stay in theirs. */
export function textTable(heads: readonly string[], rows: readonly (readonly string[])[], right: readonly number[]): readonly string[] {
  const cells = [heads, ...rows.map((row) => row.map(printable))];
  const widths = heads.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells.map((line) => line.map((cell, column) => (right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ').trimEnd());
}

/** What a server told, without what would drive the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');
}
