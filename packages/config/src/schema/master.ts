import * as z from 'zod';
import { oneOrMore, pathPattern, serverUrl, urlPath } from './text.ts';

/** A master as it is written. */
export interface MasterInput {
  readonly url: string;
  readonly paths?: readonly string[] | undefined;
  readonly prefix?: string | undefined;
}

const keys = z.strictObject({
  url: serverUrl.describe('The address of another weir, Icecast or savate server, with user:password@ if it asks for them.'),
  paths: oneOrMore(pathPattern)
    .optional()
    .describe("Which of its paths are mirrored, such as /radio/*; * stands for any characters. Default: all."),
  prefix: urlPath
    .optional()
    .describe("A path that comes before the master's paths here: with /b its /live.mp3 is at /b/live.mp3. Default: none."),
});

/** The section `masters`. */
export const mastersSchema: z.ZodType<readonly MasterInput[]> = oneOrMore(
  z.union([serverUrl.transform((url): MasterInput => ({ url })), keys], { error: 'expected a URL such as http://example.org:8000, or { url: ..., paths: ..., prefix: ... }' }),
);
