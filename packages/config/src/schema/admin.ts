import * as z from 'zod';
import { word } from './text.ts';

/** The section `admin` as it is written; the token is read from its tree, or from a file. */
export interface AdminInput {
  readonly token?: unknown;
  readonly token_file?: string | undefined;
}

/** The section `admin`. */
export const adminSchema: z.ZodType<AdminInput> = z.strictObject({
  token: word
    .optional()
    .describe('What administrators show: Authorization: Bearer TOKEN. Better in a file, or in the environment: ${TOKEN}. Default: $WEIR_ADMIN_TOKEN, or what the file $WEIR_ADMIN_TOKEN_FILE holds; without any of them nobody can administer.'),
  token_file: z.string().min(1).optional().describe('In place of token: a file that holds it, looked up beside the file it is written in.'),
});
