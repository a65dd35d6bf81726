import { placeAt } from './tree.ts';
import type { Place } from './place.ts';
import type { Scalar } from './tree.ts';

/** A piece of a text with placeholders: literal text, or the name between two braces. */
export type Piece = string | { readonly name: string };

/** The pieces of a text, or what is wrong with its braces and at which offset. */
export type Pieces = { readonly pieces: readonly Piece[] } | { readonly problem: string; readonly offset: number };

/** Takes `{name}` and `{in.feed}` apart from the text around them; `{{` and `}}` are braces. */
export function parsePlaceholders(text: string): Pieces {
  const pieces: Piece[] = [];
  let literal = '';
  for (const match of text.matchAll(/\{\{|\}\}|\{(in\.[A-Za-z0-9][A-Za-z0-9._-]*|[A-Za-z_][A-Za-z0-9_-]*)\}|[{}]|[^{}]+/g)) {
    const [piece, name] = match;
    if (name !== undefined) {
      if (literal !== '') pieces.push(literal);
      literal = '';
      pieces.push({ name });
    } else if (piece === '{' || piece === '}') {
      return { problem: 'a brace of no placeholder; write {{ or }} for the brace itself', offset: match.index };
    } else literal += piece === '{{' ? '{' : piece === '}}' ? '}' : piece;
  }
  if (literal !== '') pieces.push(literal);
  return { pieces };
}

/** Doubles the braces of a text, so that it holds no placeholder. */
export function escapePlaceholders(text: string): string {
  return text.replace(/[{}]/g, '$&$&');
}

/** Where the braces of a text go wrong, in the file; the place of the text when its quotes or escapes hide it. */
export function placeOfBrace(scalar: Scalar): Place {
  const parsed = parsePlaceholders(scalar.source);
  return placeAt(scalar, 'problem' in parsed ? parsed.offset : -1);
}
