import { formats } from '@weir/media';
import * as z from 'zod';
import type { FormatName } from '@weir/media';

/** Something that YAML may take for a number or a boolean though the user means its letters. */
export const word: z.ZodType<string | number | boolean> = z.union([z.string(), z.number(), z.boolean()], {
  error: 'expected a text, a number, true or false',
});

/** A text that a pattern describes; `expected` says in words what it is. */
function matching(pattern: RegExp, charactersMax: number, expected: string): z.ZodString {
  const error = `expected ${expected}`;
  return z.string({ error }).max(charactersMax, { error, abort: true }).regex(pattern, { error, abort: true });
}

/** The name of a feed, a stream, an encoder or a set. */
export const name: z.ZodType<string, string> = matching(
  /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
  64,
  'a name of 1 to 64 letters, digits, ".", "_" and "-" that begins with a letter or a digit',
);

/** The name of a template's parameter, as it stands between braces. */
export const parameterName: z.ZodType<string, string> = matching(
  /^[A-Za-z_][A-Za-z0-9_-]*$/,
  64,
  'the name of a parameter: 1 to 64 letters, digits, "_" and "-" that begin with a letter or "_"',
);

/** A URL path that clients and proxies never rewrite. What weir answers itself is kept free by `urls.ts`. */
export const urlPath: z.ZodType<string, string> = matching(
  /^(?:\/|(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+)+)$/,
  200,
  'a URL path: "/" and then at most 199 letters, digits, ".", "_", "~", "-" and "/", without "//", ".", ".." or a "/" at the end',
);

/** A MIME type with parameters; what may stand in a header and nothing else. */
export const mimeType: z.ZodType<string, string> = matching(
  /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?: *; *[\w!#$&^.+-]+=(?:[\w!#$&^.+-]+|"[ !#-[\]-~]*"))*$/,
  200,
  'a MIME type such as video/mp2t or audio/ogg; codecs=opus',
);

/** `host:port`, `[address]:port` or `:port`. */
export const listen: z.ZodType<string, string> = matching(
  /^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]*):\d{1,5}$/,
  256,
  'an address and a port such as 127.0.0.1:8090, "[::1]:8090" or :8090 for every address',
).refine((text) => Number(text.slice(text.lastIndexOf(':') + 1)) <= 65_535, { error: 'expected a port from 0 to 65535' });

const formatWords = new Map<string, FormatName>();
for (const { name: formatName, aliases } of formats.values()) {
  for (const alias of [formatName, ...aliases]) if (!alias.includes('/')) formatWords.set(alias, formatName);
}

/** A container format, by FFmpeg's name or a file name extension. */
export const format: z.ZodType<FormatName, string> = z
  .enum([...formatWords.keys()], { error: `expected a format: ${[...formats.keys()].join(', ')}` })
  .transform((spelled) => formatWords.get(spelled) ?? 'raw');
