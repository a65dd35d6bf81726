import { isIP } from 'node:net';
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

const lineForm = 'expected one line of 1 to 500 characters';

/** A line that people read; blanks and newlines around it do not count. Its spelling is read from its tree. */
export const line: z.ZodType<string | number | boolean> = z.union(
  [z.string().max(500, { error: lineForm }).refine((text) => /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+$/u.test(text.trim()), { error: lineForm }), z.number(), z.boolean()],
  { error: lineForm },
);

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

/** A URL path that clients and proxies never rewrite; a `*` stands for names of sources. What weir answers itself is kept free by `urls.ts`. */
export const urlPath: z.ZodType<string, string> = matching(
  /^(?!.*\*.*\*)(?:\/|(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~*-]+)+)$/,
  200,
  'a URL path: "/" and then at most 199 letters, digits, ".", "_", "~", "-" and "/", perhaps one "*", without "//", ".", ".." or a "/" at the end',
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

const urlCharacters = String.raw`[A-Za-z0-9._~:/?#[\]@!$&'()*+,;=%-]*`;
const webUrlPattern = String.raw`https?://(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:[/?#]${urlCharacters})?`;
const webUrlForm = 'a URL such as https://example.org/radio, without a user and password';

/** An absolute http or https URL that everybody may know, and that may stand in a header. */
export const webUrl: z.ZodType<string, string> = matching(new RegExp(`^${webUrlPattern}$`), 2000, webUrlForm)
  .refine((text) => URL.canParse(text), { error: `expected ${webUrlForm}` });

const originForm = 'where a server answers, such as https://example.org or http://10.0.0.7:8090, without a path';

/** Scheme, host and perhaps port. */
export const origin: z.ZodType<string, string> = matching(/^https?:\/\/(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/, 300, originForm)
  .refine((text) => URL.canParse(text), { error: `expected ${originForm}` });

const redirectForms = `${webUrlForm}, or a path of the same server that begins with one "/"`;

/** Where a redirect may lead. */
export const redirectTarget: z.ZodType<string, string> = matching(new RegExp(`^(?:${webUrlPattern}|/(?!/)${urlCharacters})$`), 2000, redirectForms)
  .refine((text) => URL.canParse(text, 'http://edge'), { error: `expected ${redirectForms}` });

const networkForms = 'an IPv4 or IPv6 address, or a network such as 10.0.0.0/8 or "fd00::/8"';

/** An address, or a network of them in CIDR notation (RFC 4632 section 3.1, RFC 4291 section 2.3). */
export const network: z.ZodType<string, string> = matching(/^[0-9A-Fa-f:.]+(?:\/\d{1,3})?$/, 64, networkForms)
  .refine(isNetwork, { error: `expected ${networkForms}` });

function isNetwork(text: string): boolean {
  const [address = '', prefix] = text.split('/');
  const family = isIP(address);
  return family !== 0 && (prefix === undefined || Number(prefix) <= (family === 6 ? 128 : 32));
}

/** A value, or a list of them; `error` is for what is neither, where the type has no words for that. */
export function oneOrMore<Output>(type: z.ZodType<Output>, error?: string): z.ZodType<readonly Output[]> {
  return z.union([z.array(type).min(1, { error: 'expected one or more' }), type.transform((one) => [one])], error);
}

/** What an ingest may be called beside its name, to pin feeds to it. */
export const label: z.ZodType<string, string> = matching(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 64, 'a label of 1 to 64 letters, digits, ".", "_" and "-"');

const mediaUrlForms = 'a URL such as http://example.org:8000/live.ogg or udp://239.1.2.3:1234';

/** Where another server's stream is; with a user and password if that asks for them. */
export const mediaUrl: z.ZodType<string, string> = matching(/^(?:https?|udp):\/\/[!-~]+$/, 2000, mediaUrlForms)
  .refine((text) => URL.canParse(text) && (!text.startsWith('udp:') || new URL(text).port !== ''), { error: `expected ${mediaUrlForms}` });

const serverUrlForms = 'a URL such as http://example.org:8000, without a query';

/** Where another server answers; with a user and password if that asks for them. */
export const serverUrl: z.ZodType<string, string> = matching(/^https?:\/\/[!-~]+$/, 1000, serverUrlForms)
  .refine((text) => URL.canParse(text) && !/[?#]/.test(text), { error: `expected ${serverUrlForms}` });

const plainPathForm = 'a URL path such as /radio/live.mp3, without "*", "//", ".", ".." or a "/" at the end';

/** A URL path of one stream alone. */
export const plainPath: z.ZodType<string, string> = urlPath.refine((text) => !text.includes('*'), { error: `expected ${plainPathForm}` });

/** URL paths, with `*` for any characters of theirs. */
export const pathPattern: z.ZodType<string, string> = matching(
  /^\/[A-Za-z0-9._~*/-]*$/,
  200,
  'a URL path such as /radio/*: "/" and then letters, digits, ".", "_", "~", "-", "/" and "*" for any of them',
);

const formatWords = new Map<string, FormatName>();
for (const { name: formatName, aliases } of formats.values()) {
  for (const alias of [formatName, ...aliases]) if (!alias.includes('/')) formatWords.set(alias, formatName);
}

/** A container format, by FFmpeg's name or a file name extension. */
export const format: z.ZodType<FormatName, string> = z
  .enum([...formatWords.keys()], { error: `expected a format: ${[...formats.keys()].join(', ')}` })
  .transform((spelled) => formatWords.get(spelled) ?? 'raw');
