import * as z from 'zod';
import { word } from './text.ts';

/** A command line, or the program and its arguments one by one. */
export const command: z.ZodType<unknown> = z.union([z.string(), z.array(word)], {
  error: 'expected a command: a text, or a list of the program and its arguments',
});

/** Whether a command line is given to `/bin/sh`. */
export const shell: z.ZodType<boolean, boolean> = z.boolean();

/** What `shell` means, wherever it stands. */
export const shellDescription: string =
  'true gives the command line to /bin/sh -c, for pipes and redirections. Without it the line is split into words as a shell would, and nothing else is interpreted. Default: false.';

/** How a command is written, wherever it stands. */
export const commandDescription: string =
  'A line, split into words as a shell would but run without one, or a list. {in} is its standard input, {out} its standard output (both may be left out); {{ and }} are braces.';
