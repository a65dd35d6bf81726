import * as z from 'zod';
import { allow, deny } from './access.ts';
import { word } from './text.ts';

/** Who may push, as it is written; a password is read from its tree, or from a file. */
export type SourceInput =
  | 'open'
  | {
      readonly user?: string | undefined;
      readonly password?: unknown;
      readonly password_file?: string | undefined;
      readonly htpasswd_file?: string | undefined;
      readonly allow?: readonly string[] | undefined;
      readonly deny?: readonly string[] | undefined;
    };

/** The value of `source`. */
export const sourceAccess: z.ZodType<SourceInput> = z.union(
  [
    z.literal('open'),
    z.strictObject({
      user: z.string().min(1).max(200).regex(/^[^:\p{Cc}]+$/u, { error: 'expected a user name without ":"' }).optional().describe('The user\'s name. Default: source.'),
      password: word.optional().describe('The password. Better in a file, or in the environment: ${STUDIO_PASSWORD}.'),
      password_file: z.string().min(1).optional().describe('In place of password: a file that holds it, looked up beside the file it is written in.'),
      htpasswd_file: z.string().min(1).optional().describe('In place of user and password: a file with a line USER:HASH for each who may send, as `htpasswd -B` of Apache writes it, looked up beside the file this is written in. It is read again when it changes.'),
      allow,
      deny,
    }),
  ],
  { error: 'expected open, or { user: ..., password: ... }' },
);
