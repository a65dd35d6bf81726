import * as z from 'zod';
import { network, oneOrMore } from './text.ts';

/** Who may listen, as it is written, with defaults filled in. */
export type AccessInput =
  | 'open'
  | {
      readonly basic?: { readonly htpasswd_file: string; readonly realm: string } | undefined;
      readonly signed?: { readonly key_file: string } | undefined;
      readonly allow?: readonly string[] | undefined;
      readonly deny?: readonly string[] | undefined;
    };

const file = z.string().min(1);
const realmForm = 'expected 1 to 100 characters from " " to "~" without quotes and backslashes';

/** Addresses that may come; of listeners and of sources. */
export const allow: z.ZodType<readonly string[] | undefined> = oneOrMore(network)
  .optional()
  .describe('Addresses and networks, such as [10.0.0.0/8, "fd00::/8"]: nobody else may come. Default: from everywhere.');

/** Addresses that may not come. */
export const deny: z.ZodType<readonly string[] | undefined> = oneOrMore(network)
  .optional()
  .describe('Addresses and networks from which nobody may come, also where allow has them. Default: none.');

/** The value of `access`, which says at least one thing: what is empty could mean anybody as well as nobody. */
export const accessSchema: z.ZodType<AccessInput> = z.union(
  [
    z.literal('open'),
    z.strictObject({
      basic: z
        .strictObject({
          htpasswd_file: file.describe('A file with a line USER:HASH for each, as `htpasswd -B` of Apache writes it, looked up beside the file this is written in: bcrypt, apr1 or {SHA}. It is read again when it changes.'),
          realm: z.string().regex(/^[ !#-[\]-~]{1,100}$/, { error: realmForm }).prefault('weir').describe('What browsers show when they ask for user and password. Default: weir.'),
        })
        .optional()
        .describe('A user and password let somebody in (HTTP basic authentication).'),
      signed: z
        .strictObject({
          key_file: file.describe('A file with a key on each line, of at least 16 characters, looked up beside the file this is written in: `openssl rand -hex 32` makes one. Links signed with any of them work, weir sign takes the first. It is read again when it changes.'),
        })
        .optional()
        .describe('A signed link, as weir sign makes it, lets somebody in; beside basic, either does.'),
      allow,
      deny,
    }),
  ],
  { error: 'expected open, or { basic: ..., signed: ..., allow: [...], deny: [...] }' },
);
