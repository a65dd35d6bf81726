import * as z from 'zod';
import { word } from './text.ts';

/** Who may push, as it is written; a password is read from its tree, or from a file. */
export type SourceInput = 'open' | { readonly user: string; readonly password?: unknown; readonly password_file?: string | undefined };

/** The value of `source`. */
export const sourceAccess: z.ZodType<SourceInput> = z.union(
  [
    z.literal('open'),
    z.strictObject({
      user: z.string().min(1).max(200).regex(/^[^:\p{Cc}]+$/u, { error: 'expected a user name without ":"' }).prefault('source').describe('The user\'s name. Default: source.'),
      password: word.optional().describe('The password. Better in a file, or in the environment: ${STUDIO_PASSWORD}.'),
      password_file: z.string().min(1).optional().describe('In place of password: a file that holds it, looked up beside the file it is written in.'),
    }),
  ],
  { error: 'expected open, or { user: ..., password: ... }' },
);
