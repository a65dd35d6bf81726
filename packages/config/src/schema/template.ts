import * as z from 'zod';
import { command, commandDescription, shell, shellDescription } from './command.ts';
import { feedSchema } from './feed.ts';
import { streamSchema } from './stream.ts';
import { name, parameterName, word } from './text.ts';

const defaults = z.record(parameterName, word);

const encoder = z.union(
  [
    command,
    z.strictObject({
      command: command.describe(`The encoder, with the feed on its standard input. ${commandDescription} Any other {name} is a parameter.`),
      shell: shell.optional().describe(shellDescription),
      defaults: defaults.optional().describe('Values of parameters that a stream need not give.'),
    }),
  ],
  { error: 'expected an encoder: a command (a text or a list) or { command: ..., defaults: ... }' },
);

const set = z.strictObject({
  feeds: z.record(z.string(), feedSchema).optional().describe('Feeds made for every row; {name} in a name or a value stands for a parameter.'),
  streams: z.record(z.string(), streamSchema).optional().describe('Streams made for every row; {name} in a name or a value stands for a parameter.'),
  defaults: defaults.optional().describe('Values of parameters that a row need not give.'),
});

/** The section `templates`. */
export const templatesSchema: z.ZodType<unknown> = z.strictObject({
  encoders: z
    .record(name, encoder)
    .nullish()
    .describe('Commands with parameters, by name: a stream uses one by encode: { use: NAME, ... }.'),
  sets: z.record(name, set).nullish().describe('Feeds and streams with parameters, by name: the section use makes them, row by row.'),
});

/** The section `use`. */
export const useSchema: z.ZodType<unknown> = z.array(
  z.strictObject({
    set: word.describe('The name of a set under templates.'),
    for: z.array(z.record(z.string(), word)).min(1, { error: 'expected at least one row' }).describe('Rows of parameters; each makes the set\'s feeds and streams once.'),
  }),
);
