/** A source with its comments, and in `bare` its strings as well, turned into spaces. Lines and columns stay the same. */
export interface Stripped {
  readonly code: string;
  readonly bare: string;
}

/** One module that a source asks for, by any kind of import or re-export, or as a file (`import.meta.resolve`). */
export interface Import {
  readonly specifier: string;
  /** Counted from 1. */
  readonly line: number;
}

/** One exported function, class or interface. */
export interface Export {
  readonly name: string;
  readonly line: number;
  readonly documented: boolean;
}

const startsExpression = /(^|[(,=:[!&|?{};+\-*%<>~^]|\b(return|typeof|case|in|of|delete|void|throw|new|else|do|await|yield))\s*$/;
const importSyntax = /\b(?:import|export)\b[^;'"`]*?\bfrom\s*(['"])(.+?)\1|\bimport(?:\.meta\.resolve)?\s*\(?\s*(['"])(.+?)\3/g;
const exportSyntax = /^export\s+(?:default\s+|declare\s+|abstract\s+|async\s+)*(function\s*\*?|class|interface)\s+(\w+)/gm;

/** Strips comments and strings; TypeScript 7 has no parser to ask. Regular expressions count as strings. */
export function strip(text: string): Stripped {
  let code = '';
  let bare = '';
  const keep = (piece: string): void => {
    code += piece;
    bare += piece;
  };
  const blank = (piece: string, isString: boolean): void => {
    const spaces = piece.replace(/[^\n]/g, ' ');
    code += isString ? piece : spaces;
    bare += spaces;
  };
  // How many braces are open in each `${` around this place; a `}` at 0 goes back into the template.
  const templates: number[] = [];
  let at = 0;
  const take = (syntax: RegExp): string => {
    syntax.lastIndex = at;
    const piece = syntax.exec(text)?.[0] ?? text.slice(at);
    at += piece.length;
    return piece;
  };
  while (at < text.length) {
    const two = text.slice(at, at + 2);
    const one = two[0] ?? '';
    const open = templates.at(-1);
    if (two === '//') blank(take(/.*/y), false);
    else if (two === '/*') blank(take(/\/\*[^]*?\*\//y), false);
    else if (one === "'" || one === '"') blank(take(/(['"])(?:\\[^]|(?!\1)[^\\])*\1/y), true);
    else if (one === '/' && startsExpression.test(bare.slice(-80))) blank(take(/\/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[])+\/\w*/y), true);
    else if (one === '`' || (one === '}' && open === 0)) {
      if (one === '}') templates.pop();
      const piece = take(/[`}](?:\\[^]|\$(?!\{)|[^`\\$])*(?:`|\$\{)/y);
      if (piece.endsWith('${')) templates.push(0);
      blank(piece, true);
    } else {
      if (open !== undefined) templates.push((templates.pop() ?? 0) + (one === '{' ? 1 : one === '}' ? -1 : 0));
      keep(one);
      at++;
    }
  }
  return { code, bare };
}

/** The modules that a source imports; an import inside a string is none. */
export function importsOf({ code, bare }: Stripped): readonly Import[] {
  return [...code.matchAll(importSyntax)]
    .filter((match) => bare[match.index] !== ' ')
    .map((match) => ({ specifier: match[2] ?? match[4] ?? '', line: lineAt(code, match.index + match[0].length) }));
}

/**
 * The functions, classes and interfaces that a source exports where it declares them. Overloads share the first one's
 * docblock; an interface may have its say at its members instead of above.
 */
export function exportsOf(text: string, { bare }: Stripped): readonly Export[] {
  const found = new Map<string, Export>();
  for (const match of bare.matchAll(exportSyntax)) {
    const [, kind, name = ''] = match;
    const before = text.slice(0, match.index).trimEnd();
    const above = before.endsWith('*/') && before.slice(before.lastIndexOf('/*')).startsWith('/**');
    const documented = above || (kind === 'interface' && blockAfter(text, bare, match.index).includes('/**'));
    if (!found.has(name)) found.set(name, { name, line: lineAt(text, match.index), documented });
  }
  return [...found.values()];
}

/** The text of the first pair of braces after an offset. */
function blockAfter(text: string, bare: string, offset: number): string {
  const start = bare.indexOf('{', offset);
  let depth = 0;
  for (let at = start; at < bare.length; at++) {
    if (bare[at] === '{') depth++;
    else if (bare[at] === '}' && --depth === 0) return text.slice(start, at);
  }
  return '';
}

/** The line, counted from 1, of an offset. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
