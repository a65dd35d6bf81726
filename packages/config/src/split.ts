/** A command line that no shell would take, or that only a shell could run. */
export class CommandSyntaxError extends Error {
  override readonly name = 'CommandSyntaxError';
  /** The offending piece, as it stands in the text. */
  readonly piece: string;

  constructor(message: string, piece: string) {
    super(message);
    this.piece = piece;
  }
}

/** Words that mean something to a shell and nothing to a program: whoever writes one bare expects a shell. */
const operator = /^(?:\|{1,2}|&{1,2}|;|\d?>>?(?:&\d|[\w./-]+)?|<{1,2})$/;

/**
 * Splits a command line into words by a shell's rules for blanks, quotes and backslashes, and by nothing else: no
 * variables, wildcards, comments or operators. A backslash before the end of a line joins two lines.
 * Throws {@link CommandSyntaxError} for an open quote, a backslash at the end, and a bare operator of the shell.
 */
export function splitCommand(text: string): string[] {
  const words: string[] = [];
  const token = /\s+|\\\n|\\([^])|'([^']*)'|"((?:[^"\\]|\\[^])*)"|[^\s\\'"]+|[^]/gy;
  let word: string | null = null;
  let bare = true;
  const finish = (): void => {
    if (word === null) return;
    if (bare && operator.test(word)) {
      throw new CommandSyntaxError(`"${word}" needs a shell: set shell: true, or put it in quotes if the program wants it`, word);
    }
    words.push(word);
    word = null;
    bare = true;
  };
  for (const [piece, escaped, single, double] of text.matchAll(token)) {
    if (piece === '\\\n') continue;
    if (/^\s/.test(piece)) {
      finish();
      continue;
    }
    if (piece === "'" || piece === '"') throw new CommandSyntaxError(`the quote ${piece} is never closed`, piece);
    if (piece === '\\') throw new CommandSyntaxError('a backslash at the end stands before nothing', piece);
    const quoted = escaped ?? single ?? double?.replace(/\\(["\\$`\n])/g, (_, character: string) => (character === '\n' ? '' : character));
    word = (word ?? '') + (quoted ?? piece);
    bare &&= quoted === undefined;
  }
  finish();
  return words;
}
