/** The variables of a process; weir never reads `process.env` by itself. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The text with its variables put in, or what is wrong and with which piece of the text. */
export type Interpolated = { readonly text: string } | { readonly problem: string; readonly piece: string };

/**
 * Puts `${NAME}` and `${NAME:-default}` (also for an empty variable) into a text; `$$` is a dollar sign and a `$` before
 * anything else stands for itself. A value is put in as it is: a variable named in it stays as text.
 */
export function interpolate(text: string, environment: Environment): Interpolated {
  let problem: { problem: string; piece: string } | undefined;
  const filled = text.replace(/\$(?:\$|\{[^}\n]*\}?)/g, (piece) => {
    if (piece === '$$') return '$';
    const match = /^\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}$/.exec(piece);
    const name = match?.[1];
    if (name === undefined) {
      problem ??= { problem: 'expected ${NAME} or ${NAME:-default}; write "$$" for a dollar sign', piece };
      return '';
    }
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    const fallback = match?.[2];
    if (value === undefined && fallback === undefined) {
      problem ??= { problem: `the environment variable ${name} is not set; set it, or give a default: \${${name}:-...}`, piece };
    }
    return fallback !== undefined && (value === undefined || value === '') ? fallback : (value ?? '');
  });
  return problem ?? { text: filled };
}

/** What YAML makes of an unquoted scalar of this text; keeps to JSON's numbers. */
export function plainValue(text: string): string | number | boolean | null {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === '' || text === '~' || text === 'null') return null;
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/.test(text) ? Number(text) : text;
}
